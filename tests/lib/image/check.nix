_fixtures:
let
  check =
    arguments:
    import ../../../lib/image/check.nix {
      context = "image \"web\"";
      known = builtins.attrNames arguments;
      inherit arguments;
    };
  isRight = arguments: (check arguments) == arguments;
in
{
  "right arguments are returned" = {
    value = map isRight [
      {
        name = "web";
        tag = "1.0_a-b";
      }
      { name = "registry.example:5000/team__x/web.a-b"; }
      { name = "localhost/a/b/c"; }
      { user = "1000:100"; }
      { user = "app-1"; }
      { workingDir = "/"; }
      { workingDir = "/a/b"; }
      {
        exposedPorts = [
          1
          65535
          "53/udp"
        ];
      }
      { created = 0; }
      { created = 253402300799; }
      {
        files = {
          "/app" = ./.;
          "/application" = "/nix/store/x";
        };
      }
      { env.A_1 = "x"; }
    ];
    expected = builtins.genList (_index: true) 12;
  };
  "a name has small letters" = {
    value = check { name = "Web"; };
    throws = "image \"web\": `name` must be a name of small letters";
  };
  "a name has no tag" = {
    value = check { name = "web:1.0"; };
    throws = "`name` must be";
  };
  "a tag has no slash" = {
    value = check { tag = "a/b"; };
    throws = "`tag` must be a tag, such as \"1.0\"";
  };
  "an entrypoint is a list" = {
    value = check { entrypoint = "uvicorn app"; };
    throws = "`entrypoint` must be a list of strings, such as [ \"uvicorn\" \"app:app\" ]";
  };
  "so is a command, of strings" = {
    value = check {
      command = [
        "--port"
        8000
      ];
    };
    throws = "`command` must be a list of strings";
  };
  "a user is a text" = {
    value = check { user = 1000; };
    throws = "`user` must be a name, such as \"app\", or numbers, such as \"1000\" or \"1000:1000\"";
  };
  "a working directory is absolute" = {
    value = check { workingDir = "data"; };
    throws = "`workingDir` must be an absolute path as a string, such as \"/data\"";
  };
  "and has no way up" = {
    value = check { workingDir = "/data/../etc"; };
    throws = "`workingDir` must be";
  };
  "a port is a number up to 65535" = {
    value = check { exposedPorts = [ 65536 ]; };
    throws = "`exposedPorts` must be a list of ports, such as [ 8000 \"53/udp\" ]";
  };
  "or one with a protocol" = {
    value = check { exposedPorts = [ "8000" ]; };
    throws = "`exposedPorts` must be";
  };
  "a volume isn't in the store" = {
    value = check { volumes = [ "/nix/data" ]; };
    throws = "`volumes` must be a list of absolute paths outside of /nix as strings, without a slash at the end";
  };
  "a time is a number" = {
    value = check { created = "now"; };
    throws = "`created` must be a number of seconds since 1970, such as self.lastModified";
  };
  "and one of seconds, up to the year 9999" = {
    value = check { created = 1795949480000; };
    throws = "`created` must be a number of seconds since 1970";
  };
  "contents are packages" = {
    value = check { contents = [ "coreutils" ]; };
    throws = "`contents` must be a list of packages, such as [ pkgs.coreutils ]";
  };
  "a variable's name is one of shells" = {
    value = check { env."A-B" = "x"; };
    throws = "`env.\"A-B\"` has a wrong name: `env` must be an attrset of strings by the name of a variable";
  };
  "a variable's value is a text" = {
    value = check { env.PORT = 8000; };
    throws = "`env.\"PORT\"` has a wrong value: `env` must be";
  };
  "variables are an attrset" = {
    value = check { env = [ "PORT=8000" ]; };
    throws = "`env` must be an attrset of strings by the name of a variable, such as { PORT = \"8000\"; }";
  };
  "labels are texts" = {
    value = check { labels.a = null; };
    throws = "`labels.\"a\"` has a wrong value";
  };
  "a file's place is absolute" = {
    value = check { files."etc/x" = ./check.nix; };
    throws = "`files.\"etc/x\"` has a wrong name: `files` must be an attrset of files or folders by their absolute path";
  };
  "a file's content is no file" = {
    value = check { files."/etc/x" = "port = 8000"; };
    throws = "`files.\"/etc/x\"` has a wrong value: `files` must be an attrset of files or folders by their absolute path in the image outside of /nix, such as { \"/etc/app.toml\" = ./app.toml; }. A file of some content is builtins.toFile \"app.toml\" \"…\"";
  };
  "a file lies in no other one" = {
    value = check {
      files = {
        "/app" = ./.;
        "/app/x" = ./check.nix;
      };
    };
    throws = "files.\"/app/x\" lies in another one of `files`, which is a link into the store";
  };
}
