#pragma once

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <vector>

namespace genspool::simulation {

/// Seen by this process and by its children that are forked later.
class SharedFlag {
public:
    SharedFlag() {
        void* const page = ::mmap(nullptr, sizeof *flag_, PROT_READ | PROT_WRITE,
                                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (page == MAP_FAILED) throw std::runtime_error("no shared memory");
        flag_ = new (page) std::atomic<bool>(false);
    }
    ~SharedFlag() { ::munmap(flag_, sizeof *flag_); }
    SharedFlag(const SharedFlag&) = delete;
    SharedFlag& operator=(const SharedFlag&) = delete;

    void raise() { flag_->store(true); }
    bool raised() const { return flag_->load(); }

private:
    std::atomic<bool>* flag_ = nullptr;
};

/// Forks, and plays in the child process; what that returns comes through the pipe that is
/// returned.
template <class Play>
int start_child(const Play& play, unsigned number) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
    const pid_t child = ::fork();
    if (child < 0) throw std::runtime_error("no child process");
    if (child > 0) {
        ::close(ends[1]);
        return ends[0];
    }
    ::close(ends[0]);
    const auto verdict = play(number);
    static_assert(std::is_trivially_copyable_v<decltype(verdict)>);
    const bool told =
        ::write(ends[1], &verdict, sizeof verdict) == static_cast<ssize_t>(sizeof verdict);
    std::_Exit(told ? 0 : 1);
}

/// nullopt: the child died.
template <class Verdict>
std::optional<Verdict> hear_child(int pipe) {
    Verdict verdict;
    std::size_t got = 0;
    while (got < sizeof verdict) {
        const ssize_t more =
            ::read(pipe, reinterpret_cast<char*>(&verdict) + got, sizeof verdict - got);
        if (more <= 0) break;
        got += static_cast<std::size_t>(more);
    }
    ::close(pipe);
    ::wait(nullptr);
    if (got != sizeof verdict) return std::nullopt;
    return verdict;
}

/// The same work in so many processes at once, numbered from 0, and what became of each.
template <class Verdict, class Play>
std::vector<std::optional<Verdict>> in_children(unsigned count, const Play& play) {
    std::vector<int> pipes;
    for (unsigned number = 0; number < count; ++number)
        pipes.push_back(start_child(play, number));
    std::vector<std::optional<Verdict>> verdicts;
    for (const int pipe : pipes)
        verdicts.push_back(hear_child<Verdict>(pipe));
    return verdicts;
}

}  // namespace genspool::simulation
