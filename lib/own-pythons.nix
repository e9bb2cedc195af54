/*
  The versions of Python that wheelhouse's own programs have locks for, as scripts/lock-own writes them.

  Type: ownPythons :: [string]

  Example:
    builtins.elem "3.12" ownPythons
    => true
*/
map (file: builtins.head (builtins.match "(.*)\\.yaml" file)) (
  builtins.attrNames (builtins.readDir ../builder/sources)
)
