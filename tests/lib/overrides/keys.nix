_fixtures:
let
  keys = import ../../../lib/overrides/keys.nix;
in
{
  "every key changes a kind of package, or stands beside a key that does" = {
    value = builtins.filter (key: keys.${key}.kinds == [ ] && keys.${key}.beside == [ ]) (
      builtins.attrNames keys
    );
    expected = [ ];
  };
  "a key stands beside known ones" = {
    value = builtins.filter (key: !(keys ? ${key})) (
      builtins.concatMap (key: keys.${key}.beside) (builtins.attrNames keys)
    );
    expected = [ ];
  };
}
