#include "cli/completing.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "proto/catalog/catalog.hpp"
#include "proto/job.hpp"
#include "proto/lifecycle.hpp"

namespace genspool::cli {
namespace {

using Words = std::vector<std::string>;
using Candidates = std::vector<Candidate>;

constexpr std::array ledger_statuses = {"reserved", "spent", "released", "uncertain"};
constexpr std::array policies = {"hold", "resubmit"};
constexpr std::array shells = {"bash", "zsh", "fish"};

template <class List>
Candidates all_of(const List& list) {
    Candidates candidates;
    for (const auto& word : list)
        candidates.push_back({std::string(word)});
    return candidates;
}

Candidates states() {
    Candidates candidates;
    for (std::size_t i = 1; i < proto::state_count; ++i)
        candidates.push_back({std::string(proto::to_string(static_cast<proto::State>(i)))});
    return candidates;
}

Candidates providers() {
    Candidates candidates;
    for (const proto::Provider* provider : proto::catalog().providers())
        candidates.push_back({std::string(provider->name())});
    return candidates;
}

Candidates kinds() {
    Candidates candidates;
    for (auto i = static_cast<std::uint8_t>(proto::Kind::video);
         i <= static_cast<std::uint8_t>(proto::Kind::chat_batch); ++i)
        candidates.push_back({std::string(proto::to_string(static_cast<proto::Kind>(i)))});
    return candidates;
}

bool is_one_of(const std::string& word, std::initializer_list<std::string_view> words) {
    return std::ranges::find(words, word) != words.end();
}

/// What a check has written behind the type: "{files,file,get}".
Candidates members_of(const std::string& type) {
    const std::size_t begin = type.find('{');
    if (begin == std::string::npos) return {};
    const std::string list = type.substr(begin + 1, type.find('}') - begin - 1);
    return all_of(CLI::detail::split(list, ','));
}

/// What may be the value of an option or an argument, by its name.
Completion values_of(const CLI::Option& option, const std::string& verb, const LiveWords& live) {
    const std::string& name = option.get_single_name();
    const std::string type = option.get_type_name();
    if (name == "state") return {states()};
    if (is_one_of(name, {"kind", "KIND"})) return {kinds()};
    if (name == "batch") return {live(Live::batches, verb)};
    if (is_one_of(name, {"account", "ACCOUNT", "NAMES"})) return {live(Live::accounts, verb)};
    if (name == "provider") return {providers()};
    if (name == "on-unknown") return {all_of(policies)};
    if (name == "SHELL") return {all_of(shells)};
    if (name == "status" && verb == "ledger") return {all_of(ledger_statuses)};
    if (is_one_of(name, {"after", "job"}) && verb != "events" && verb != "remote")
        return {live(Live::jobs, verb)};
    if (name == "ID" && verb == "batches") return {live(Live::batches, verb)};
    if (name == "ID" && verb == "wait") return {live(Live::jobs_and_batches, verb)};
    if (name == "ID") return {live(Live::jobs, verb)};
    if (name == "ACTION") return {members_of(type)};
    return {{}, is_one_of(type, {"FILE", "PATH", "DIR"}) || is_one_of(name, {"FILE", "DIR"})};
}

/// The first sentence of what an option or verb says of itself, on one line.
std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

void add_options(const CLI::App& app, Candidates& candidates) {
    for (const CLI::Option* const option : app.get_options()) {
        for (const std::string& name : option->get_lnames())
            candidates.push_back({"--" + name, first_line(option->get_description())});
    }
}

Candidates verbs_of(const CLI::App& app) {
    Candidates candidates;
    for (const CLI::App* const verb : app.get_subcommands([](const CLI::App*) { return true; }))
        if (!verb->get_group().empty())
            candidates.push_back({verb->get_name(), first_line(verb->get_description())});
    return candidates;
}

const CLI::Option* find_option(const CLI::App& app, const std::string& word) {
    return word.size() > 1 && word.front() == '-'
               ? app.get_option_no_throw(word.substr(0, word.find('=')))
               : nullptr;
}

bool takes_value(const CLI::Option& option) {
    return option.get_items_expected_min() > 0;
}

const CLI::App* find_verb(const CLI::App& app, const std::string& name) {
    for (const CLI::App* const verb : app.get_subcommands([](const CLI::App*) { return true; }))
        if (verb->get_name() == name) return verb;
    return nullptr;
}

/// The argument in that place; what takes several takes all that come.
const CLI::Option* argument_at(const CLI::App& verb, std::size_t place) {
    for (const CLI::Option* const option : verb.get_options()) {
        if (!option->get_positional()) continue;
        const auto most = static_cast<std::size_t>(option->get_items_expected_max());
        if (place < most) return option;
        place -= most;
    }
    return nullptr;
}

/// bash takes "--state=he" for three words.
void join_assignments(Words& words, bool& split) {
    split = false;
    for (std::size_t i = 1; i < words.size();) {
        const bool option = words[i - 1].starts_with("--");
        if (!option || !words[i].starts_with('=') || words[i].size() > 1) {
            ++i;
            continue;
        }
        words[i - 1] += "=";
        words.erase(words.begin() + static_cast<std::ptrdiff_t>(i));
        split = i >= words.size();
        if (i < words.size()) {
            split = i + 1 == words.size();
            words[i - 1] += words[i];
            words.erase(words.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }
}

/// Where among the words the person is.
struct Place {
    const CLI::App* verb = nullptr;       ///< nullptr: there is none yet
    const CLI::Option* option = nullptr;  ///< whose value comes next
    std::size_t arguments = 0;            ///< so many stand before
};

Place place_of(const CLI::App& app, const Words& words) {
    Place place;
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        const CLI::App& now = place.verb != nullptr ? *place.verb : app;
        if (place.option != nullptr) {
            place.option = nullptr;
        } else if (const CLI::Option* const option = find_option(now, words[i])) {
            const bool given = words[i].find('=') != std::string::npos;
            place.option = !given && takes_value(*option) ? option : nullptr;
        } else if (place.verb == nullptr) {
            place.verb = find_verb(app, words[i]);
        } else {
            ++place.arguments;
        }
    }
    return place;
}

void keep_matching(Candidates& candidates, const std::string& begun) {
    std::erase_if(candidates,
                  [&begun](const Candidate& each) { return !each.word.starts_with(begun); });
}

}  // namespace

Completion complete(const CLI::App& app, std::vector<std::string> words, const LiveWords& live) {
    if (words.empty()) words.emplace_back();
    bool split = false;
    join_assignments(words, split);
    const Place place = place_of(app, words);
    const CLI::App& now = place.verb != nullptr ? *place.verb : app;
    const std::string verb = place.verb != nullptr ? place.verb->get_name() : "";
    std::string begun = words.back();
    Completion completion;
    const CLI::Option* const assigned = find_option(now, begun);
    const std::size_t equals = begun.find('=');
    if (place.option != nullptr) {
        completion = values_of(*place.option, verb, live);
    } else if (assigned != nullptr && equals != std::string::npos) {
        completion = values_of(*assigned, verb, live);
        if (split) {
            begun.erase(0, equals + 1);
        } else {
            for (Candidate& each : completion.candidates)
                each.word = begun.substr(0, equals + 1) + each.word;
        }
    } else if (begun.starts_with('-')) {
        add_options(now, completion.candidates);
    } else if (place.verb == nullptr) {
        completion.candidates = verbs_of(app);
    } else if (const CLI::Option* const argument = argument_at(now, place.arguments)) {
        completion = values_of(*argument, verb, live);
    }
    keep_matching(completion.candidates, begun);
    return completion;
}

}  // namespace genspool::cli
