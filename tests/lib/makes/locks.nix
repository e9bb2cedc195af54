_fixtures:
let
  flagLocks = import ../../../lib/makes/locks.nix "environment \"x\"";
  table = import ../../../lib/makes/table.nix;
in
{
  "every flag is locked for 3.8 at its version" = {
    value = map (item: item.data.closure.${item.package}) (
      flagLocks "3.8" (builtins.attrNames table)
    );
    expected = map (flag: table.${flag}.version) (builtins.attrNames table);
  };
  "a flag that a Python hasn't is named with the general way" = {
    value = (builtins.head (flagLocks "3.12" [ "withNumpy_1_21_2" ])).data;
    throws = "withNumpy_1_21_2 is not to be had for Python 3.12: numpy 1.21.2 has no wheel there, and can't be built or imported. Name a newer version of it as `build-requires`";
  };
  "a Python that Makes never had is named with those it had" = {
    value = (builtins.head (flagLocks "3.7" [ "withWheel_0_37_0" ])).data;
    throws = "withWheel_0_37_0 is not to be had for Python 3.7: wheel 0.37.0 is locked for \"3.10\", \"3.11\", \"3.12\", \"3.13\", \"3.8\", \"3.9\" only";
  };
}
