_fixtures:
let
  user = import ../../../lib/image/user.nix;
in
{
  "root is nobody to be made" = {
    value = map user [
      "root"
      "0"
      "0:0"
    ];
    expected = [
      null
      null
      null
    ];
  };
  "a name has the numbers 1000" = {
    value = user "app";
    expected = {
      name = "app";
      uid = 1000;
      gid = 1000;
      home = "/home/app";
    };
  };
  "numbers have a name" = {
    value = map user [
      "10"
      "10:20"
      "10:0"
    ];
    expected = [
      {
        name = "user";
        uid = 10;
        gid = 10;
        home = "/home/user";
      }
      {
        name = "user";
        uid = 10;
        gid = 20;
        home = "/home/user";
      }
      {
        name = "user";
        uid = 10;
        gid = 0;
        home = "/home/user";
      }
    ];
  };
  "other texts are none" = {
    value = map user [
      ""
      "App"
      "a b"
      "010"
      "1:"
      "1:app"
      "1:00"
      "0:1"
      "-1"
    ];
    expected = builtins.genList (_index: false) 9;
  };
}
