#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "tests/simulator/records.hpp"

namespace genspool::simulator {

/// A file that grows by whole lines, each handed to the kernel before append() returns. Nothing is
/// synced: this file has to survive the death of others, not of the machine.
class LineFile {
public:
    /// Opens for appending, made if absent; an empty path swallows all lines. Throws system_error.
    explicit LineFile(const std::string& path);
    ~LineFile();
    LineFile(const LineFile&) = delete;
    LineFile& operator=(const LineFile&) = delete;

    /// Adds the newline. Throws system_error when the line cannot be written whole.
    void append(std::string line);

private:
    int fd_ = -1;
};

/// Writes the truth log and the fault log.
class FileRecorder final : public Recorder {
public:
    FileRecorder(const std::string& truth_path, const std::string& fault_path);

    void truth(const TruthRecord& record) override;
    void fault(const FaultRecord& record) override;
    void violation(const ViolationRecord& record) override;

private:
    LineFile truth_;
    LineFile faults_;
};

/// Keeps everything, for tests in the same process. Any thread.
class MemoryRecorder final : public Recorder {
public:
    void truth(const TruthRecord& record) override;
    void fault(const FaultRecord& record) override;
    void violation(const ViolationRecord& record) override;

    std::vector<TruthRecord> truths() const;
    std::vector<FaultRecord> faults() const;
    std::vector<ViolationRecord> violations() const;

private:
    mutable std::mutex mutex_;
    std::vector<TruthRecord> truths_;
    std::vector<FaultRecord> faults_;
    std::vector<ViolationRecord> violations_;
};

}  // namespace genspool::simulator
