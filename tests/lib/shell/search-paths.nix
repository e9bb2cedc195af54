_fixtures:
let
  searchPaths = import ../../../lib/shell/search-paths.nix;
in
{
  "the first item is found first, and all keys follow one table" = {
    value =
      (searchPaths.shell "x" {
        bin = [
          "/a"
          "/b"
        ];
        pythonPackage311 = [ "/p" ];
        export = [
          [
            "HOME_OF"
            "/c"
            "/d"
          ]
        ];
      }).after;
    expected = ''
      _wheelhouse_prepend HOME_OF '/c/d'
      _wheelhouse_prepend PYTHONPATH '/p/lib/python3.11/site-packages'
      _wheelhouse_prepend PATH '/b/bin'
      _wheelhouse_prepend PATH '/a/bin'
    '';
  };
  "without append the variables start empty" = {
    value =
      (searchPaths.shell "x" {
        append = false;
        nodeModule = [ "/n" ];
      }).before;
    expected = "export NODE_PATH=\n";
  };
  "a source item may have arguments" = {
    value =
      (searchPaths.shell "x" {
        source = [
          [
            "/s"
            "a b"
          ]
        ];
      }).before;
    expected = ''
      if [ -e '/s/template' ]; then
        . '/s/template' 'a b'
      else
        . '/s' 'a b'
      fi
    '';
  };
  "an unknown key is named with the known ones" = {
    value = (searchPaths.shell "x" { bins = [ ]; }).after;
    throws = "environment \"x\": searchPaths has no key \"bins\". It knows \"bin\"";
  };
  "a value that is no list is named" = {
    value = (searchPaths.shell "x" { bin = "/a"; }).after;
    throws = "searchPaths.bin must be a list";
  };
  "a malformed export is explained" = {
    value = (searchPaths.shell "x" { export = [ [ "A" ] ]; }).after;
    throws = "each item of searchPaths.export is a list of three";
  };
  "rpath takes the output of a package that has its libraries" = {
    value =
      let
        rpath = [
          {
            outPath = "/bin-output";
            lib.outPath = "/lib-output";
          }
          {
            outPath = "/bin-output";
            out.outPath = "/out-output";
          }
        ];
      in
      {
        wheels = map (library: library.directory) (searchPaths.libraries "x" { inherit rpath; });
        shell = (searchPaths.shell "x" { inherit rpath; }).after;
      };
    expected = {
      wheels = [
        "/lib-output/lib"
        "/lib-output/lib64"
        "/out-output/lib"
        "/out-output/lib64"
      ];
      shell = ''
        _wheelhouse_prepend LD_LIBRARY_PATH '/out-output/lib64'
        _wheelhouse_prepend LD_LIBRARY_PATH '/out-output/lib'
        _wheelhouse_prepend LD_LIBRARY_PATH '/lib-output/lib64'
        _wheelhouse_prepend LD_LIBRARY_PATH '/lib-output/lib'
      '';
    };
  };
  "rpath gives the directories for wheels" = {
    value = map (library: library.directory) (searchPaths.libraries "x" { rpath = [ "/z" ]; });
    expected = [
      "/z/lib"
      "/z/lib64"
    ];
  };
  "of two, the second is found first and says whether to append" = {
    value =
      searchPaths.merge
        {
          append = true;
          bin = [ "/a" ];
          rpath = [ "/r" ];
        }
        {
          append = false;
          bin = [ "/b" ];
        };
    expected = {
      append = false;
      bin = [
        "/b"
        "/a"
      ];
      rpath = [ "/r" ];
    };
  };
  "a build without any has no lines" = {
    value = searchPaths.script "x" { };
    expected = "";
  };
}
