# Third parties. Found by version, so that newer Debian and Ubuntu releases serve as well.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(OpenSSL 3.0 REQUIRED)
find_package(RocksDB 7.8 REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(CLI11 REQUIRED)
find_package(LibArchive REQUIRED)
find_package(spdlog REQUIRED)
find_package(prometheus-cpp REQUIRED CONFIG)
pkg_check_modules(systemd REQUIRED IMPORTED_TARGET libsystemd)

# What is installed takes Debian's shared library. Elsewhere the static one: without the linker's
# detours a simulated world goes by an eighth faster.
add_library(genspool_rocksdb INTERFACE)
if(TARGET RocksDB::rocksdb-shared AND (CMAKE_BUILD_TYPE OR NOT TARGET RocksDB::rocksdb))
    target_link_libraries(genspool_rocksdb INTERFACE RocksDB::rocksdb-shared)
else()
    target_link_libraries(genspool_rocksdb INTERFACE RocksDB::rocksdb)
endif()
