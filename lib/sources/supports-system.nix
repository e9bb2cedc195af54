/*
  Return whether an item of a lock is for a system: one without `systems` is for all of the lock's.

  Type: supportsSystem :: string -> attrs -> bool

  Example:
    supportsSystem "x86_64-linux" { name = "appnope"; systems = [ "aarch64-darwin" ]; }
    => false
*/
system: item: !(item ? systems) || builtins.elem system item.systems
