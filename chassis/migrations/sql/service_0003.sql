revoke all on function store.append_many_v1 from public;
grant execute on function store.append_many_v1 to {app};
