{
  "targets": [
    {
      "target_name": "corpuscle",
      "sources": ["<!@(node -p \"Object.values(require('./sources.json')).flat().join(' ')\")"],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": [
        "NAPI_VERSION=8",
        "NODE_ADDON_API_CPP_EXCEPTIONS_ALL",
        "NODE_ADDON_API_DISABLE_DEPRECATED",
        "NODE_API_NO_EXTERNAL_BUFFERS_ALLOWED",
        "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"
      ],
      "cflags!": ["-fno-exceptions"],
      "cflags_cc!": ["-fno-exceptions", "-std=gnu++17", "-std=gnu++20", "-fno-rtti"],
      "cflags_cc": ["-std=c++20", "-O3", "-falign-functions=64", "-fvisibility=hidden", "-ffp-contract=off", "-fstack-protector-strong", "-Wall", "-Wextra"],
      "xcode_settings": {
        "GCC_ENABLE_CPP_EXCEPTIONS": "YES",
        "CLANG_CXX_LANGUAGE_STANDARD": "c++20",
        "MACOSX_DEPLOYMENT_TARGET": "11.0",
        "OTHER_CPLUSPLUSFLAGS": ["-O3", "-ffp-contract=off", "-fvisibility=hidden"]
      },
      "conditions": [
        ["OS=='linux'", {
          "cflags_cc": ["-fopenmp", "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=2"],
          "ldflags": [
            "-fopenmp",
            "-Wl,--version-script='<!(node -p \"require('path').resolve('exports.map')\")'",
            "-Wl,-z,nodelete",
            "-Wl,-z,now",
            "-Wl,-z,relro",
            "-Wl,-z,noexecstack",
            "-Wl,-rpath,'$$ORIGIN'"
          ]
        }]
      ]
    }
  ]
}
