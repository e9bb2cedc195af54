/*
  Return the functions that make checks of a project: `command` of any command, `pytest` of its test
  suite. Both take the groups whose packages the check has beside the environment's own, programs of
  the package set, and variables.

  Type: projectTests :: ({ command, groups, packages, variables } -> derivation) -> { command, pytest }

  Example:
    (projectTests (given: given)).pytest { groups = [ "test" ]; args = [ "-q" ]; }
    => { command = [ "pytest" "-q" ]; groups = [ "test" ]; packages = [ ]; variables = { }; }
*/
check: rec {
  command =
    {
      command,
      groups ? [ ],
      packages ? [ ],
      variables ? { },
    }:
    check {
      inherit
        command
        groups
        packages
        variables
        ;
    };
  pytest =
    {
      args ? [ ],
      ...
    }@given:
    command (removeAttrs given [ "args" ] // { command = [ "pytest" ] ++ args; });
}
