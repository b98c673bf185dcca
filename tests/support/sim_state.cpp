#include "tests/support/sim_state.hpp"

#include <rocksdb/env.h>

#include <algorithm>
#include <utility>

#include "queue/verify.hpp"
#include "workers/verify_files.hpp"

namespace genspool::tests {

namespace {

std::error_code to_error(const rocksdb::Status& status) {
    if (status.ok()) return {};
    const bool missing = status.IsNotFound() || status.IsPathNotFound();
    return std::make_error_code(missing ? std::errc::no_such_file_or_directory
                                        : std::errc::io_error);
}

}  // namespace

SimStateFiles::SimStateFiles(std::shared_ptr<ForgetfulDisk> disk, std::string root)
    : env_(make_env(std::move(disk))), root_(std::move(root)) {}

SimStateFiles::~SimStateFiles() = default;

bool SimStateFiles::has(const std::string& directory) const {
    bool is_directory = false;
    return env_->IsDirectory(full_path(directory), &is_directory).ok() && is_directory;
}

std::vector<std::string> SimStateFiles::below(const std::string& directory) const {
    std::vector<std::string> paths;
    std::vector<std::string> names;
    const rocksdb::Status status = env_->GetChildren(full_path(directory), &names);
    if (status.IsNotFound() || status.IsPathNotFound()) return paths;
    if (!status.ok()) throw std::system_error(to_error(status), directory);
    for (const std::string& name : names) {
        const std::string path = directory + "/" + name;
        bool is_directory = false;
        const std::error_code error = to_error(env_->IsDirectory(full_path(path), &is_directory));
        if (error) throw std::system_error(error, path);
        const std::vector<std::string> found =
            is_directory ? below(path) : std::vector<std::string>{path};
        paths.insert(paths.end(), found.begin(), found.end());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

workers::StateFiles::Size SimStateFiles::size(const std::string& path) const {
    Size size;
    size.error = to_error(env_->GetFileSize(full_path(path), &size.bytes));
    return size;
}

std::error_code SimStateFiles::read(const std::string& path, const Piece& piece) const {
    std::string bytes;
    const auto error = to_error(rocksdb::ReadFileToString(env_.get(), full_path(path), &bytes));
    if (!error) piece(bytes);
    return error;
}

std::vector<std::string> broken_on(const std::shared_ptr<ForgetfulDisk>& disk,
                                   const std::string& root) {
    const auto env = make_env(disk);
    queue::StoreOptions options;
    options.path = "/db";
    options.env = env.get();
    options.background = false;
    options.read_only = true;
    const queue::Store store(options);
    std::vector<std::string> broken = queue::verify(store).broken;
    const SimStateFiles files(disk, root);
    const auto in_files = workers::verify_files(store, files, true).broken;
    broken.insert(broken.end(), in_files.begin(), in_files.end());
    return broken;
}

}  // namespace genspool::tests
