#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "cli/failure.hpp"
#include "cli/selection.hpp"

namespace genspool::cli {

/// The jobs that a command is about: by id, or by what they have in common.
struct Targets {
    std::vector<std::string> ids;
    Selection selection;

    bool selected() const { return !selection.empty(); }
};

/// `what` says what the ids are of, for the help.
void add_targets(CLI::App& verb, Targets& targets, const std::string& what = "The jobs");

/// Throws CommandFailed where neither ids nor a selection are given, or both.
void check_targets(const Targets& targets);

/// Calls `each` with every job that is selected now, as the list shows it, newest first.
void for_each_selected(Context& context, const Selection& selection,
                       const std::function<void(const boost::json::value& job)>& each);

/// The ids as they were given, or those of all that is selected now. Throws CommandFailed
/// (not_found) where that is none.
std::vector<std::string> chosen_ids(Context& context, const Targets& targets);

/// Does `each` for every id. One that fails is told and the others have their turn; the exit is
/// that of the first that was not `done`.
Exit on_each(Context& context, const std::vector<std::string>& ids,
             const std::function<Exit(const std::string& id)>& each);

/// Asks on a terminal whether to do what `what` says ("retry 12 jobs"). Throws CommandFailed where
/// the answer is no, or nobody can be asked.
void confirm(Context& context, const std::string& what);

}  // namespace genspool::cli
