-- Keeps a domain refusal of the command event $1: $2 status, $3 problem, $4 request hash.
insert into ledger.answer (event, status, reply, request_hash, kept_until)
values ($1, $2, $3, $4, ledger.ledger_now() + interval '1 day')
