#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/support/forgetful_disk.hpp"
#include "workers/state_files.hpp"

namespace rocksdb {
class Env;
}

namespace genspool::tests {

/// The files that SimFiles left on a disk, for a check. Mounted for the disk's present life.
class SimStateFiles : public workers::StateFiles {
public:
    SimStateFiles(std::shared_ptr<ForgetfulDisk> disk, std::string root);
    ~SimStateFiles() override;

    bool has(const std::string& directory) const override;
    std::vector<std::string> below(const std::string& directory) const override;
    Size size(const std::string& path) const override;
    std::error_code read(const std::string& path, const Piece& piece) const override;

private:
    std::string full_path(const std::string& path) const { return root_ + "/" + path; }

    std::unique_ptr<rocksdb::Env> env_;
    std::string root_;
};

/// One sentence for each promise that a dead process left broken on this disk: in the database at
/// /db, and in artifacts/ and spool/ below `root`.
std::vector<std::string> broken_on(const std::shared_ptr<ForgetfulDisk>& disk,
                                   const std::string& root);

}  // namespace genspool::tests
