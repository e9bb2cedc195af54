_fixtures:
let
  template = import ../../../lib/shell/template.nix;
  text = import ../../../lib/text.nix;
in
{
  "it names the environment's own directories" = {
    value =
      let
        lines = text.lines (template {
          name = "x";
          prefix = "/e";
          python = {
            version = "3.11";
            sitePackages = "lib/python3.11/site-packages";
          };
        });
      in
      map (line: builtins.elem line lines) [
        "_wheelhouse_prepend WHEELHOUSE_SITE_3_11 '/e/lib/python3.11/site-packages'"
        "_wheelhouse_prepend PATH '/e/bin'"
        "export VIRTUAL_ENV='/e'"
      ];
    expected = [
      true
      true
      true
    ];
  };
}
