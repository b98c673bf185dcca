#include "cli/last_words.hpp"

#include <unistd.h>

#include <atomic>
#include <utility>

namespace genspool::cli {

namespace {

std::atomic<const std::string*> last_words = nullptr;
static_assert(std::atomic<const std::string*>::is_always_lock_free);

/// Only what may be called in a handler.
void say(int number) {
    if (const std::string* const words = last_words) {
        [[maybe_unused]] const ssize_t told =
            ::write(STDERR_FILENO, words->data(), words->size());  // there is nobody else to tell
    }
    // It is as it was before this handler (SA_RESETHAND), and comes once this has returned.
    ::raise(number);
}

}  // namespace

LastWords::LastWords(std::string words) : words_(std::move(words)) {
    last_words = &words_;
    struct sigaction saying{};
    saying.sa_handler = say;
    saying.sa_flags = static_cast<int>(SA_RESETHAND);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        Before before{number, {}};
        // Who has had it ignored (nohup) means that.
        if (::sigaction(number, nullptr, &before.action) != 0 ||
            before.action.sa_handler != SIG_DFL)
            continue;
        ::sigaction(number, &saying, nullptr);
        before_.push_back(before);
    }
}

LastWords::~LastWords() {
    for (const Before& before : before_)
        ::sigaction(before.signal, &before.action, nullptr);
    last_words = nullptr;
}

}  // namespace genspool::cli
