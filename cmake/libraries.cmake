# Third parties. Found by version, so that newer Debian and Ubuntu releases serve as well.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(OpenSSL 3.0 REQUIRED)
find_package(RocksDB 7.8 REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(CLI11 REQUIRED)
find_package(spdlog REQUIRED)
pkg_check_modules(systemd REQUIRED IMPORTED_TARGET libsystemd)

# Debian's package names the shared library, or only the static one; take what there is.
if(TARGET RocksDB::rocksdb-shared)
    add_library(genspool_rocksdb INTERFACE)
    target_link_libraries(genspool_rocksdb INTERFACE RocksDB::rocksdb-shared)
else()
    add_library(genspool_rocksdb INTERFACE)
    target_link_libraries(genspool_rocksdb INTERFACE RocksDB::rocksdb)
endif()
