#pragma once

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace genspool::cli {

/// A word that could stand where the person is typing.
struct Candidate {
    std::string word;
    std::string about{};  ///< a few words; may be empty
};

/// What only the daemon knows.
enum class Live { jobs, batches, jobs_and_batches, accounts };

/// Asks the daemon; none where it is away. `verb`: whose jobs those are to be.
using LiveWords = std::function<std::vector<Candidate>(Live what, const std::string& verb)>;

struct Completion {
    std::vector<Candidate> candidates;
    bool files = false;  ///< names of files as well
};

/// What could stand in the place of the last of these words, which may be empty; before it stand
/// those that were typed already, without the program's name. From the tree of verbs and options
/// as it is, so that no option can be forgotten.
Completion complete(const CLI::App& app, std::vector<std::string> words, const LiveWords& live);

/// The script that a shell reads to complete by `genspool complete`; nullptr: no such shell.
const char* completion_script(const std::string& shell);

}  // namespace genspool::cli
