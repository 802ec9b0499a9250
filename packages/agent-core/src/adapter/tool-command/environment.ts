/**
 * What a command learns of its surroundings: where programs, home and caches lie, and the language. Nothing that may hold a secret, such
 * as tokens, proxies with passwords or npm's settings, and nothing of the product's own.
 */
const NAMES: ReadonlySet<string> = new Set([
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TMPDIR'],
  ...['XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_RUNTIME_DIR'],
  ...['NVM_DIR', 'VOLTA_HOME', 'FNM_DIR', 'PNPM_HOME', 'COREPACK_HOME', 'NODE_EXTRA_CA_CERTS'],
  ...['VIRTUAL_ENV', 'CONDA_PREFIX', 'PYENV_ROOT', 'UV_CACHE_DIR', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
  ...['CARGO_HOME', 'RUSTUP_HOME', 'GOPATH', 'GOROOT', 'GOCACHE', 'GOMODCACHE', 'JAVA_HOME'],
  ...['GEM_HOME', 'RBENV_ROOT', 'DOTNET_ROOT', 'SDKMAN_DIR', 'ANDROID_HOME', 'DEVELOPER_DIR'],
  ...['SYSTEMROOT', 'SYSTEMDRIVE', 'COMSPEC', 'PATHEXT', 'WINDIR', 'TEMP', 'TMP', 'USERPROFILE', 'USERNAME'],
  ...['APPDATA', 'LOCALAPPDATA', 'PROGRAMDATA', 'PROGRAMFILES', 'PROGRAMFILES(X86)'],
]);

/** The environment of every command, out of the one this process was given. */
export function commandEnvironment(
  given: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined && NAMES.has(name.toUpperCase())) kept[name] = value;
  }
  return { ...kept, TERM: 'dumb', CI: '1', NO_COLOR: '1' };
}
