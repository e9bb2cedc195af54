# shellcheck shell=bash
# shellcheck disable=SC2154 # initialPath stands above, in the file that this becomes
# The start of every stdenv build, and of `nix develop`: search paths from the inputs, then phases.
# A phase is a function of its name, replaced by a variable of that name, between two hooks.

set -e
shopt -s nullglob

export SHELL CONFIG_SHELL=$SHELL
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-315532800} ZERO_AR_DATE=1
export NIX_CFLAGS_COMPILE=${NIX_CFLAGS_COMPILE-} NIX_LDFLAGS=${NIX_LDFLAGS-}
export PKG_CONFIG_PATH=${PKG_CONFIG_PATH-}
: "${outputs:=out}" "${out:=}" "${NIX_BUILD_CORES:=1}"
prefix=${prefix:-$out}

# --- inputs ---

_inputsPath=
_seenInputs=" "

_addInput() {
  local input=$1 propagated hook
  [[ $_seenInputs != *" $input "* ]] || return 0
  _seenInputs+="$input "
  if [[ -f $input ]]; then
    # a hook given as a file
    # shellcheck disable=SC1090
    source "$input"
    return
  fi
  if [[ -d $input/bin ]]; then _inputsPath+=${_inputsPath:+:}$input/bin; fi
  if [[ -d $input/include ]]; then NIX_CFLAGS_COMPILE+=" -isystem $input/include"; fi
  if [[ -d $input/lib ]]; then NIX_LDFLAGS+=" -L$input/lib"; fi
  for propagated in "$input"/{lib,share}/pkgconfig; do
    if [[ -d $propagated ]]; then PKG_CONFIG_PATH+=${PKG_CONFIG_PATH:+:}$propagated; fi
  done
  for hook in "$input"/nix-support/propagated-{native-,}build-inputs; do
    if [[ -f $hook ]]; then
      for propagated in $(<"$hook"); do _addInput "$propagated"; done
    fi
  done
  if [[ -f $input/nix-support/setup-hook ]]; then
    # shellcheck disable=SC1091
    source "$input/nix-support/setup-hook"
  fi
}

_initialBin=
for _path in $initialPath; do _initialBin+=${_initialBin:+:}$_path/bin; done
PATH=$_initialBin
for _path in ${nativeBuildInputs-} ${buildInputs-} ${propagatedNativeBuildInputs-} \
  ${propagatedBuildInputs-}; do
  _addInput "$_path"
done
export PATH=${_inputsPath:+$_inputsPath:}$_initialBin
# 0 stands for all of the machine; `nproc` is only found from here on.
if [[ $NIX_BUILD_CORES -le 0 ]]; then NIX_BUILD_CORES=$(nproc); fi

if type -P gcc >/dev/null; then
  export CC=gcc CXX=g++ LD=ld AR=ar AS=as NM=nm RANLIB=ranlib STRIP=strip OBJCOPY=objcopy
fi

# --- tools for phases ---

runHook() {
  local hook=$1 text
  if declare -F "$hook" >/dev/null; then
    "$hook"
  else
    text=${!hook-}
    eval "$text"
  fi
}

substituteInPlace() {
  local file text pattern replacement
  local -a files=()
  while [[ $# -gt 0 && $1 != --* ]]; do
    files+=("$1")
    shift
  done
  for file in "${files[@]}"; do
    text=$(<"$file")
    set -- "$@"
    local -a rest=("$@")
    while ((${#rest[@]})); do
      pattern=${rest[1]} replacement=${rest[2]}
      if [[ $text != *"$pattern"* ]]; then
        echo "substituteInPlace: $file does not have: $pattern" >&2
        [[ ${rest[0]} != --replace-fail ]] || return 1
      fi
      text=${text//"$pattern"/"$replacement"}
      rest=("${rest[@]:3}")
    done
    printf '%s\n' "$text" >"$file"
  done
}

# Scripts run with the interpreters of PATH.
patchShebangs() {
  local file line program path
  while IFS= read -r -d '' file; do
    IFS= read -r line <"$file" 2>/dev/null || continue
    [[ $line == '#!'* && $line != '#!'*/nix/store/* ]] || continue
    read -r program line <<<"${line#'#!'}"
    if [[ $program == */env ]]; then
      [[ $line != -* ]] || continue
      read -r program line <<<"$line"
    fi
    path=$(type -P "${program##*/}") || continue
    sed -i "1s|.*|#!$path${line:+ $line}|" "$file"
  done < <(find "$@" -type f -perm -0100 -print0)
}

unpackFile() {
  case $1 in
    *.tar | *.tar.* | *.tgz | *.tbz2 | *.txz) tar xf "$1" ;;
    *)
      if [[ -d $1 ]]; then
        cp -r --no-preserve=mode,timestamps -- "$1" "$(stripHash "$1")"
      else
        cp -- "$1" "$(stripHash "$1")"
      fi
      ;;
  esac
}

stripHash() {
  local name=${1##*/}
  if [[ $name =~ ^[a-z0-9]{32}- ]]; then name=${name:33}; fi
  printf '%s\n' "$name"
}

# --- phases ---

unpackPhase() {
  local source folder found=
  runHook preUnpack
  for source in ${srcs:-${src-}}; do unpackFile "$source"; done
  if [[ -z ${sourceRoot-} ]]; then
    for folder in */; do
      if [[ -n $found ]]; then
        echo "unpackPhase: more than one folder was unpacked; set sourceRoot" >&2
        return 1
      fi
      found=${folder%/}
    done
    sourceRoot=${found:-.}
  fi
  chmod -R u+w -- "$sourceRoot"
  runHook postUnpack
}

patchPhase() {
  local patch
  runHook prePatch
  for patch in ${patches-}; do
    # shellcheck disable=SC2086
    patch ${patchFlags:--p1} <"$patch"
  done
  runHook postPatch
}

configurePhase() {
  runHook preConfigure
  if [[ -x ./configure && -z ${dontConfigure-} ]]; then
    # shellcheck disable=SC2086
    ./configure --prefix="$prefix" ${configureFlags-}
  fi
  runHook postConfigure
}

buildPhase() {
  runHook preBuild
  if [[ -e Makefile || -e makefile || -e GNUmakefile ]]; then
    # shellcheck disable=SC2086
    make ${enableParallelBuilding:+-j$NIX_BUILD_CORES} SHELL="$SHELL" ${makeFlags-} ${buildFlags-}
  fi
  runHook postBuild
}

checkPhase() {
  runHook preCheck
  # shellcheck disable=SC2086
  make SHELL="$SHELL" ${makeFlags-} ${checkTarget:-check}
  runHook postCheck
}

installPhase() {
  runHook preInstall
  if [[ -e Makefile || -e makefile || -e GNUmakefile ]]; then
    # shellcheck disable=SC2086
    make SHELL="$SHELL" ${makeFlags-} ${installTargets:-install}
  fi
  runHook postInstall
}

fixupPhase() {
  runHook preFixup
  if [[ -d $out/bin && -z ${dontPatchShebangs-} ]]; then patchShebangs "$out/bin"; fi
  runHook postFixup
}

runPhase() {
  local phase=$1 skip=dont${1^}
  skip=${skip%Phase}
  if [[ -n ${!skip-} || ($phase == checkPhase && -z ${doCheck-}) ]]; then return; fi
  if [[ $phase == unpackPhase && -z ${src-}${srcs-} && -z ${unpackPhase-} ]]; then return; fi
  echo "phase: $phase"
  if [[ -n ${!phase-} ]]; then eval "${!phase}"; else "$phase"; fi
  if [[ $phase == unpackPhase && -n ${sourceRoot-} ]]; then cd -- "$sourceRoot"; fi
}

genericBuild() {
  local phase
  if [[ -n ${buildCommandPath-} ]]; then
    # shellcheck disable=SC1090
    source "$buildCommandPath"
    return
  fi
  if [[ -n ${buildCommand-} ]]; then
    eval "$buildCommand"
    return
  fi
  for phase in ${phases:-unpackPhase patchPhase configurePhase buildPhase checkPhase installPhase \
    fixupPhase}; do
    runPhase "$phase"
  done
}
