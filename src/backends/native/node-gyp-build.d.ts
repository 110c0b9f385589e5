declare module 'node-gyp-build' {
  function load(folder: string): unknown;
  namespace load {
    function path(folder: string): string;
  }
  export = load;
}
