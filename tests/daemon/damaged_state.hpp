#pragma once

#include <functional>
#include <string>
#include <vector>

#include "proto/job.hpp"
#include "queue/rocksdb_store.hpp"
#include "tests/support/temporary_directory.hpp"

namespace genspool::tests {

/// A copy of a state directory, to be damaged in one way.
class DamagedState {
public:
    explicit DamagedState(const std::string& sound);

    std::string path(const std::string& name = "") const {
        return directory_.path("state/" + name);
    }

    std::string read(const std::string& name) const;
    void write(const std::string& name, const std::string& bytes) const;
    void remove(const std::string& name) const;
    /// The only file in a directory whose name begins so.
    std::string only(const std::string& directory, const std::string& beginning) const;
    std::vector<std::string> lines(const std::string& name) const;
    void write_lines(const std::string& name, const std::vector<std::string>& lines) const;

    /// Opens the database, to be written.
    void in_database(const std::function<void(queue::Store&)>& change) const;
    /// Changes the record of the first job that fits.
    void change_job(const std::function<bool(const proto::JobRecord&)>& fits,
                    const std::function<void(proto::JobRecord&)>& change) const;

    /// Whether a check says something like it, among promises or leftovers.
    bool names(const std::string& part, bool quick = false) const;
    bool leaves_over(const std::string& part) const;

private:
    TemporaryDirectory directory_;
};

}  // namespace genspool::tests
