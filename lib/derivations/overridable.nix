/*
  Make a derivation that has `overrideAttrs`, as those of nixpkgs have it: given an attrset, or a
  function of the old attributes, it makes the derivation again. `passthru` among them changes what the
  result has beside the derivation's attributes.

  Type: overridable :: attrs -> attrs -> derivation

  Example:
    ((overridable { version = "1.0"; } { name = "x"; system = "x86_64-linux"; builder = "/bin/sh"; }).overrideAttrs
      (old: { name = "${old.name}-changed"; })).name
    => "x-changed"
*/
let
  overridable =
    passthru: attributes:
    let
      made =
        derivation attributes
        // (
          passthru
          // {
            # As in nixpkgs, an output has all of these attributes, too.
            out = made;
            all = [ made ];
            inherit overrideAttrs;
          }
        );
      overrideAttrs =
        change:
        let
          old = attributes // {
            inherit passthru;
          };
          once = if builtins.isFunction change then change old else change;
          # `final: previous:`, and the older `previous:`
          changed = if builtins.isFunction once then change result old else once;
          result = overridable (passthru // changed.passthru or { }) (
            attributes // removeAttrs changed [ "passthru" ]
          );
        in
        result;
    in
    made;
in
overridable
