revoke all on function store.append_v1, store.lock_v1, store.prune_commands_v1 from public;
grant execute on function store.append_v1, store.lock_v1, store.prune_commands_v1 to {app};
