// The one file that knows where the package's folder is: compiled twice, it lies four folders below it both times.
import path = require('node:path');
import nodeGypBuild = require('node-gyp-build');

const packageFolder = path.resolve(__dirname, '..', '..', '..', '..');

export = {
  packageFolder,
  /** The addon's file that loadAddon would load; throws where there is none. */
  addonFile: (): string => nodeGypBuild.path(packageFolder),
  loadAddon: (): unknown => nodeGypBuild(packageFolder),
};
