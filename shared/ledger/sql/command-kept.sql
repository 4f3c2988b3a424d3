-- The answer that stands for the command event $1. A success keeps its reply with its delivery.
select a.status, coalesce(a.reply, d.reply) as body, a.request_hash as "requestHash"
from ledger.answer a
left join ledger.delivery d on d.run = overlay(a.event::text placing '0000' from 33)::uuid and d.event = a.event
where a.event = $1
