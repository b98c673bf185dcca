#include "daemon/on_cpu_word.hpp"

#include <fcntl.h>
#include <sys/mman.h>

#include <new>
#include <stdexcept>
#include <system_error>

#include "queue/kill_point.hpp"
#include "workers/local_descriptor.hpp"

namespace genspool::daemon {
namespace {

using Word = std::atomic<std::uint64_t>;
static_assert(Word::is_always_lock_free && sizeof(Word) == sizeof(std::uint64_t));

[[noreturn]] void fail(const std::string& path) {
    throw std::runtime_error(path + ": " + std::generic_category().message(errno));
}

}  // namespace

OnCpuWord::OnCpuWord(const std::string& path) {
    const workers::Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!file.open() || ::ftruncate(file.get(), sizeof(Word)) != 0) fail(path);
    void* const mapped =
        ::mmap(nullptr, sizeof(Word), PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
    if (mapped == MAP_FAILED) fail(path);
    word_ = std::launder(static_cast<Word*>(mapped));
    before_ = {word_->exchange(0)};
    GENSPOOL_KILL_POINT("start.word_cleared");
}

OnCpuWord::~OnCpuWord() {
    ::munmap(word_, sizeof(Word));
}

}  // namespace genspool::daemon
