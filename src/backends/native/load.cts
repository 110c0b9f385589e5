// The one file that knows where the package's folder is: compiled twice, it lies four folders below it both times.
import fs = require('node:fs');
import path = require('node:path');
import nodeGypBuild = require('node-gyp-build');

const packageFolder = path.resolve(__dirname, '..', '..', '..', '..');

/** Where node-gyp-build is to look. An addon that a user has built in the installed package goes before its prebuild. */
function addonFolder(): string {
  const native = path.join(packageFolder, 'native');
  const builtByUser =
    !fs.existsSync(path.join(packageFolder, 'build')) && fs.existsSync(path.join(native, 'build', 'Release'));
  return builtByUser ? native : packageFolder;
}

export = {
  packageFolder,
  /** The addon's file that loadAddon would load; throws where there is none. */
  addonFile: (): string => nodeGypBuild.path(addonFolder()),
  loadAddon: (): unknown => nodeGypBuild(addonFolder()),
};
