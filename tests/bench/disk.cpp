#include "tests/bench/disk.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <system_error>

#include "tests/bench/benches.hpp"
#include "workers/local_descriptor.hpp"

namespace genspool::bench {
namespace {

constexpr std::size_t record_bytes = 200;
constexpr off_t room_bytes = 64LL << 20U;

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

void fill(int file) {
    const std::string zeros(1U << 20U, '\0');
    for (off_t at = 0; at < room_bytes; at += static_cast<off_t>(zeros.size())) {
        if (::pwrite(file, zeros.data(), zeros.size(), at) < 0) fail("filling");
    }
    if (::fsync(file) != 0) fail("fsync");
}

}  // namespace

double syncs_a_second(const std::string& directory, bool preallocated, double seconds) {
    using Clock = std::chrono::steady_clock;
    const std::string path = directory + "/syncs";
    const workers::Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!file.open()) fail("open");
    if (preallocated) fill(file.get());
    const std::array<char, record_bytes> record{};
    std::uint64_t syncs = 0;
    off_t at = 0;
    const auto began = Clock::now();
    std::chrono::duration<double> took{};
    while (took.count() < seconds) {
        if (::pwrite(file.get(), record.data(), record.size(), at) < 0) fail("pwrite");
        if (::fdatasync(file.get()) != 0) fail("fdatasync");
        at += static_cast<off_t>(record.size());
        if (preallocated && at + off_t{record_bytes} > room_bytes) at = 0;
        ++syncs;
        took = Clock::now() - began;
    }
    ::unlink(path.c_str());
    return static_cast<double>(syncs) / took.count();
}

void measure_disk(Context& context) {
    const double seconds = context.quick ? 0.5 : 3;
    context.report.add("fdatasync, 200 bytes at the end of a growing file",
                       syncs_a_second(context.directory, false, seconds), " /s");
    context.report.add("fdatasync, 200 bytes into a preallocated file",
                       syncs_a_second(context.directory, true, seconds), " /s");
}

}  // namespace genspool::bench
