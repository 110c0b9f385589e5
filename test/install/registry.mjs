// A package registry on the loopback: it serves the tarball under test and the dependencies that lie in node_modules, so that
// installing needs no network and takes the versions of the lock file.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, relative } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import tar from 'tar-stream';

/** @returns the registry's `url`, `close`, and the names of what it serves beside the tarball */
export async function startRegistry(root, tarball) {
  const packages = [...(await dependencies(root)), { manifest: await manifestIn(tarball), tarball }];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url.slice(1));
    const file = packages.find(({ manifest }) => path === fileName(manifest));
    const versions = packages.filter(({ manifest }) => manifest.name === path);
    if (file !== undefined) response.end(file.tarball);
    else if (versions.length > 0) response.end(JSON.stringify(packument(versions, url())));
    else response.writeHead(404).end('{}');
  });
  const url = () => `http://127.0.0.1:${server.address().port}/`;
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  const installed = packages.slice(0, -1).map(({ manifest }) => manifest.name);
  return { url: url(), installed, close: () => server.close() };
}

const fileName = ({ name, version }) => `${name}/-/${name.replace(/.*\//, '')}-${version}.tgz`;

function packument(versions, url) {
  const entries = versions.map(({ manifest, tarball }) => {
    const digest = (algorithm, encoding) => createHash(algorithm).update(tarball).digest(encoding);
    const dist = {
      tarball: url + fileName(manifest),
      shasum: digest('sha1', 'hex'),
      integrity: `sha512-${digest('sha512', 'base64')}`,
    };
    return [manifest.version, { ...manifest, dist }];
  });
  const published = Object.fromEntries(entries.map(([version]) => [version, '2026-01-01T00:00:00.000Z']));
  return {
    name: versions[0].manifest.name,
    'dist-tags': { latest: entries.at(-1)[0] },
    versions: Object.fromEntries(entries),
    time: { created: '2026-01-01T00:00:00.000Z', modified: '2026-01-01T00:00:00.000Z', ...published },
  };
}

/** What the package needs at run time, packed from node_modules. */
async function dependencies(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const folders = Object.keys(packages).filter(
    (path) => path !== '' && !packages[path].dev && existsSync(join(root, path)),
  );
  return Promise.all(
    folders.map(async (path) => {
      const folder = join(root, path);
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      return { manifest, tarball: await packFolder(folder) };
    }),
  );
}

async function packFolder(folder) {
  const pack = tar.pack();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = relative(folder, join(entry.parentPath ?? entry.path, entry.name));
    if (!entry.isFile() || path.split(/[\\/]/).includes('node_modules')) continue;
    pack.entry({ name: `package/${path}` }, readFileSync(join(folder, path)));
  }
  pack.finalize();
  const chunks = [];
  for await (const chunk of pack) chunks.push(chunk);
  return gzipSync(Buffer.concat(chunks), { level: 1 });
}

/** The names of the files in a package's tarball, with their contents. */
export async function readTarball(tarball) {
  const extract = tar.extract();
  extract.end(gunzipSync(tarball));
  const files = new Map();
  for await (const entry of extract) {
    const chunks = [];
    for await (const chunk of entry) chunks.push(chunk);
    files.set(entry.header.name.replace(/^package\//, ''), Buffer.concat(chunks));
  }
  return files;
}

const manifestIn = async (tarball) => JSON.parse((await readTarball(tarball)).get('package.json').toString());
