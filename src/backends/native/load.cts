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

/**
 * Loads the addon, and with it libgomp, whose threads look for work 300,000 times before they sleep. Where others use the cores, too, that
 * keeps from running the very thread that is waited for: two threads took eight times as long as one. It is told to look 1,000 times, which
 * it does by itself where there are more threads than cores. It reads the variable once, from the process: a worker thread's is a copy,
 * so that there this has no effect unless the main thread has loaded the addon before.
 */
function loadWithShortWaits(): unknown {
  const { env } = process;
  if (env.GOMP_SPINCOUNT !== undefined || env.OMP_WAIT_POLICY !== undefined) return nodeGypBuild(addonFolder());
  env.GOMP_SPINCOUNT = '1000';
  try {
    return nodeGypBuild(addonFolder());
  } finally {
    delete env.GOMP_SPINCOUNT;
  }
}

export = {
  packageFolder,
  /** The addon's file that loadAddon would load; throws where there is none. */
  addonFile: (): string => nodeGypBuild.path(addonFolder()),
  loadAddon: loadWithShortWaits,
};
