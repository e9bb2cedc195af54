# Search paths, as Makes had them: what a template or a build adds to the variables of its shell.
let
  libraryOutput = import ../library-output.nix;
  text = import ../text.nix;

  # key → the variable that it extends, and the suffixes of each item, or of its `output`, in it
  table = {
    bin = {
      variable = "PATH";
      suffixes = [ "/bin" ];
    };
    crystalLib = {
      variable = "CRYSTAL_LIBRARY_PATH";
      suffixes = [ "/lib" ];
    };
    javaClass = {
      variable = "CLASSPATH";
      suffixes = [ "" ];
    };
    kubeConfig = {
      variable = "KUBECONFIG";
      suffixes = [ "" ];
    };
    nodeBin = {
      variable = "PATH";
      suffixes = [ "/.bin" ];
    };
    nodeModule = {
      variable = "NODE_PATH";
      suffixes = [ "" ];
    };
    ocamlBin = {
      variable = "PATH";
      suffixes = [ "/bin" ];
    };
    ocamlLib = {
      variable = "OCAMLPATH";
      suffixes = [ "" ];
    };
    ocamlStublib = {
      variable = "CAML_LD_LIBRARY_PATH";
      suffixes = [ "/stublibs" ];
    };
    pkgConfig = {
      variable = "PKG_CONFIG_PATH";
      suffixes = [ "/lib/pkgconfig" ];
    };
    pythonMypy = {
      variable = "MYPYPATH";
      suffixes = [ "" ];
    };
    pythonPackage = {
      variable = "PYTHONPATH";
      suffixes = [ "" ];
    };
    rpath = {
      output = libraryOutput;
      variable = "LD_LIBRARY_PATH";
      suffixes = [
        "/lib"
        "/lib64"
      ];
    };
    rubyBin = {
      variable = "PATH";
      suffixes = [ "/bin" ];
    };
    rubyGemPath = {
      variable = "GEM_PATH";
      suffixes = [ "/" ];
    };
  };

  # Keys that extend no one variable; `withAction` spoke to Makes' own command line.
  others = [
    "append"
    "export"
    "source"
    "withAction"
  ];

  # `pythonPackage311` and `pythonMypy311` stand for the site-packages of that version.
  rule =
    key:
    let
      versioned = builtins.match "(pythonPackage|pythonMypy)([0-9])([0-9]+)" key;
      at = builtins.elemAt versioned;
    in
    if table ? ${key} then
      table.${key}
    else if versioned != null then
      {
        inherit (table.${at 0}) variable;
        suffixes = [ "/lib/python${at 1}.${at 2}/site-packages" ];
      }
    else
      null;

  check =
    context: searchPaths:
    let
      unknown = builtins.filter (key: rule key == null && !builtins.elem key others) (
        builtins.attrNames searchPaths
      );
      notLists = builtins.filter (
        key:
        !builtins.isList searchPaths.${key}
        && (rule key != null || key == "export" || key == "source")
      ) (builtins.attrNames searchPaths);
    in
    if unknown != [ ] then
      throw "wheelhouse: environment \"${context}\": searchPaths has no key ${text.enumerate unknown}. It knows ${
        text.enumerate (builtins.attrNames table ++ others)
      }, and pythonPackage and pythonMypy followed by a version, as in pythonPackage311."
    else if notLists != [ ] then
      throw "wheelhouse: environment \"${context}\": searchPaths.${builtins.head notLists} must be a list, as in [ pkgs.hello ]."
    else
      searchPaths;

  exportEntry =
    context: item:
    if builtins.isList item && builtins.length item == 3 then
      {
        variable = builtins.elemAt item 0;
        value = "${builtins.elemAt item 1}${builtins.elemAt item 2}";
      }
    else
      throw "wheelhouse: environment \"${context}\": each item of searchPaths.export is a list of three: the variable, a derivation or text, and what follows it, as in [ \"JAVA_HOME\" pkgs.jdk \"\" ].";

  # [{ variable, value }]; the first is to be found first
  entries =
    context: searchPaths:
    builtins.concatMap (
      key:
      let
        found = rule key;
      in
      if found == null then
        [ ]
      else
        builtins.concatMap (
          item:
          map (suffix: {
            inherit (found) variable;
            value = "${(found.output or (given: given)) item}${suffix}";
          }) found.suffixes
        ) searchPaths.${key}
    ) (builtins.attrNames searchPaths)
    ++ map (exportEntry context) (searchPaths.export or [ ]);

  reversed =
    list:
    let
      last = builtins.length list - 1;
    in
    builtins.genList (index: builtins.elemAt list (last - index)) (last + 1);

  sourceLine =
    item:
    let
      words = if builtins.isList item then item else [ item ];
      file = toString (builtins.head words);
      arguments = builtins.concatStringsSep "" (
        map (word: " ${text.shellWord (toString word)}") (builtins.tail words)
      );
    in
    ''
      if [ -e ${text.shellWord "${file}/template"} ]; then
        . ${text.shellWord "${file}/template"}${arguments}
      else
        . ${text.shellWord file}${arguments}
      fi
    '';

  # `_wheelhouse_prepend VARIABLE VALUE`: the value stands first, and only there.
  define = ''
    _wheelhouse_prepend() {
      eval "_wheelhouse_value=:\''${$1-}:"
      case "$_wheelhouse_value" in
        *":$2:"*)
          _wheelhouse_value="''${_wheelhouse_value%%":$2:"*}:''${_wheelhouse_value#*":$2:"}"
          ;;
      esac
      _wheelhouse_value="''${_wheelhouse_value#:}"
      _wheelhouse_value="''${_wheelhouse_value%:}"
      export "$1=$2''${_wheelhouse_value:+:$_wheelhouse_value}"
      unset _wheelhouse_value
    }
  '';
  forget = "unset -f _wheelhouse_prepend\n";

  variables = found: builtins.attrNames (builtins.groupBy (entry: entry.variable) found);
in
rec {
  /*
    The keys of search paths: the variable that each extends, and what of an item it adds. Keys that
    extend no one variable have `null`.

    Type: keys :: { <key> = { variable :: string; suffixes :: [string] } }

    Example:
      keys.rpath
      => { variable = "LD_LIBRARY_PATH"; suffixes = [ "/lib" "/lib64" ]; }
  */
  keys =
    builtins.mapAttrs (_key: rule: { inherit (rule) variable suffixes; }) table
    // builtins.listToAttrs (
      map (name: {
        inherit name;
        value = {
          variable = null;
          suffixes = [ ];
        };
      }) others
    );

  /*
    Merge two sets of search paths: lists are joined, those of the second are found first.

    Type: merge :: attrs -> attrs -> attrs

    Example:
      merge { bin = [ "/git" ]; } { bin = [ "/gcc" ]; append = false; }
      => { bin = [ "/gcc" "/git" ]; append = false; }
  */
  merge =
    first: second:
    first
    // builtins.mapAttrs (
      key: value:
      if builtins.isList value && builtins.isList (first.${key} or null) then
        value ++ first.${key}
      else
        value
    ) second;

  /*
    Return the lines of a template that put search paths into a shell: `before`, which may source other
    templates, and `after`, which calls a function that `define` defines and `forget` removes. The
    first item of a list is found first.

    Type: shell :: string -> attrs -> { before, define, after, forget :: string }

    Example:
      (shell "example" { bin = [ "/hello" ]; }).after
      => "_wheelhouse_prepend PATH '/hello/bin'\n"
  */
  shell =
    context: given:
    let
      searchPaths = check context given;
      found = entries context searchPaths;
      replaced =
        if searchPaths.append or true then [ ] else map (name: "export ${name}=\n") (variables found);
      added = map (entry: "_wheelhouse_prepend ${entry.variable} ${text.shellWord entry.value}\n") (
        reversed found
      );
    in
    {
      inherit define forget;
      before = builtins.concatStringsSep "" (replaced ++ map sourceLine (searchPaths.source or [ ]));
      after = builtins.concatStringsSep "" added;
    };

  /*
    Return the lines that put search paths into the shell of a build.

    Type: script :: string -> attrs -> string

    Example:
      script "example" { export = [ [ "JAVA_HOME" "/jdk" "" ] ]; }
      => "_wheelhouse_prepend() {…_wheelhouse_prepend JAVA_HOME '/jdk'\nunset -f _wheelhouse_prepend\n"
  */
  script =
    context: searchPaths:
    let
      lines = shell context searchPaths;
    in
    if searchPaths == { } then "" else lines.before + lines.define + lines.after + lines.forget;

  /*
    Return the library directories of `searchPaths.rpath`, for the wiring of wheels.

    Type: libraries :: string -> attrs -> [{ attribute :: string; directory :: string }]

    Example:
      builtins.head (libraries "example" { rpath = [ "/zlib" ]; })
      => { attribute = "searchPaths.rpath"; directory = "/zlib/lib"; }
  */
  libraries =
    context: given:
    builtins.concatMap (
      item:
      map (suffix: {
        attribute = "searchPaths.rpath";
        directory = "${libraryOutput item}${suffix}";
      }) table.rpath.suffixes
    ) ((check context given).rpath or [ ]);
}
