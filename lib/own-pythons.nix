# The versions of Python that wheelhouse's own programs have locks for, as scripts/lock-own writes
# them.
map (file: builtins.head (builtins.match "(.*)\\.yaml" file)) (
  builtins.attrNames (builtins.readDir ../builder/sources)
)
