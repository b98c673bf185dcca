#include "tests/simulator/logs.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace genspool::simulator {

LineFile::LineFile(const std::string& path) {
    if (path.empty()) return;
    fd_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), path);
}

LineFile::~LineFile() {
    if (fd_ >= 0) ::close(fd_);
}

void LineFile::append(std::string line) {
    if (fd_ < 0) return;
    line += '\n';
    std::string_view rest = line;
    while (!rest.empty()) {
        const auto written = ::write(fd_, rest.data(), rest.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) throw std::system_error(errno, std::generic_category(), "log");
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
}

FileRecorder::FileRecorder(const std::string& truth_path, const std::string& fault_path)
    : truth_(truth_path), faults_(fault_path) {}

void FileRecorder::truth(const TruthRecord& record) {
    truth_.append(to_json_line(record));
}

void FileRecorder::fault(const FaultRecord& record) {
    faults_.append(to_json_line(record));
}

void FileRecorder::violation(const ViolationRecord& record) {
    faults_.append(to_json_line(record));
}

void MemoryRecorder::truth(const TruthRecord& record) {
    const std::lock_guard lock(mutex_);
    truths_.push_back(record);
}

void MemoryRecorder::fault(const FaultRecord& record) {
    const std::lock_guard lock(mutex_);
    faults_.push_back(record);
}

void MemoryRecorder::violation(const ViolationRecord& record) {
    const std::lock_guard lock(mutex_);
    violations_.push_back(record);
}

std::vector<TruthRecord> MemoryRecorder::truths() const {
    const std::lock_guard lock(mutex_);
    return truths_;
}

std::vector<FaultRecord> MemoryRecorder::faults() const {
    const std::lock_guard lock(mutex_);
    return faults_;
}

std::vector<ViolationRecord> MemoryRecorder::violations() const {
    const std::lock_guard lock(mutex_);
    return violations_;
}

}  // namespace genspool::simulator
