{ "targets": [{ "target_name": "all_native", "type": "none", "dependencies": ["native/binding.gyp:corpuscle"] }] }
