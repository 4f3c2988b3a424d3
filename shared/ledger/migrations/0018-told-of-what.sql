-- What was told of one thing, to be found when the thing is changed or deleted.
create index told_of on people.told ((data->>'id')) where data ? 'id';
