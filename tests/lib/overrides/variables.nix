_fixtures:
let
  variables =
    overrides:
    import ../../../lib/overrides/variables.nix {
      context = "environment \"x\"";
      names = [
        "a"
        "b"
      ];
      inherit overrides;
    };
in
{
  "lists of several packages are joined" = {
    value = variables {
      a.variables.XDG_DATA_DIRS = [ "/a" ];
      b.variables.XDG_DATA_DIRS = [ { outPath = "/b"; } ];
    };
    expected.XDG_DATA_DIRS = [
      "/a"
      "/b"
    ];
  };
  "those of a package that isn't installed are left out" = {
    value = variables { c.variables.TCL_LIBRARY = "/tcl"; };
    expected = { };
  };
  "two values of one variable are refused" = {
    value = variables {
      a.variables.TCL_LIBRARY = "/8.6";
      b.variables.TCL_LIBRARY = "/9.0";
    };
    throws = "environment \"x\": overrides.b.variables.TCL_LIBRARY is another value than a package before it gives";
  };
  "a name that no variable can have is refused" = {
    value = variables { a.variables."A B" = "1"; };
    throws = "overrides.a.variables: \"A B\" can't be the name of a variable";
  };
  "a value that is no text is refused" = {
    value = variables { a.variables.A = 1; };
    throws = "environment \"x\": overrides.a.variables.A has the type int. Give a text";
  };
  "a list with an item that is no text is refused" = {
    value = variables { a.variables.A = [ 1 ]; };
    throws = "overrides.a.variables.A has the type list, with an item that is no text. Give a text";
  };
  "an empty list sets nothing" = {
    value = variables { a.variables.XDG_DATA_DIRS = [ ]; };
    expected = { };
  };
  "what a program reads before it starts is refused" = {
    value = variables { a.variables.LD_LIBRARY_PATH = [ "/lib" ]; };
    throws = "environment \"x\": overrides.a.variables can't set \"LD_LIBRARY_PATH\", which a program reads before it starts. For libraries that are opened by name, write `runtimeLibraries`";
  };
}
