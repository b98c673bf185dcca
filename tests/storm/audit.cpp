#include "tests/storm/audit.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <set>
#include <sstream>

#include "tests/storm/database.hpp"
#include "tests/support/await.hpp"

namespace genspool::tests {

namespace json = boost::json;

namespace {

constexpr std::string_view crashed = "the process ended while the paid request was on the wire";

std::string first_word(const std::string& text) {
    return text.substr(0, text.find(' '));
}

bool file_exists(const std::string& path) {
    return std::filesystem::exists(path);
}

std::set<std::string> file_names_below(const std::string& directory) {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
        if (entry.is_regular_file()) names.insert(entry.path().filename().string());
    }
    return names;
}

std::multiset<std::string> names_in(const std::string& result_file) {
    std::multiset<std::string> names;
    for (const std::string& line : read_lines(result_file)) {
        json::error_code half_written;
        const auto told = json::parse(line, half_written);
        names.insert(text_of(told, "custom_id"));
    }
    return names;
}

}  // namespace

Audit::Audit(const DaemonProgram& daemon, const SimulatorProgram& simulator)
    : daemon_(daemon), simulator_(simulator) {
    for (const auto& shown : daemon_.api().all("/v1/jobs?limit=1000", "jobs")) {
        ++shown_;
        Job job{text_of(shown, "id"),
                text_of(shown, "state"),
                shown.at("send").to_number<std::uint64_t>(),
                {},
                {}};
        for (const auto& artifact : shown.at("artifacts").as_array()) {
            job.sha256.push_back(text_of(artifact, "sha256"));
            job.paths.push_back(text_of(artifact, "path"));
        }
        // What is looked for still would be held next.
        if (job.state == "unknown") job.state = "held";
        held_ += job.state == "held" ? 1 : 0;
        jobs_[text_of(shown, "custom_id")] = std::move(job);
    }
    for (const Purchase& purchase : simulator_.purchases()) {
        Bought& all = bought_[first_word(purchase.prompt)];
        ++all.purchases;
        all.failed += purchase.failed ? 1 : 0;
        all.sha256.insert(all.sha256.end(), purchase.sha256.begin(), purchase.sha256.end());
    }
}

const Audit::Bought& Audit::bought(const std::string& name) const {
    static const Bought nothing;
    const auto found = bought_.find(name);
    return found == bought_.end() ? nothing : found->second;
}

void Audit::check_jobs(const std::vector<std::string>& names) const {
    CHECK(shown_ == names.size());
    CHECK(jobs_.size() == names.size());
    for (const std::string& name : names) {
        CAPTURE(name);
        const auto job = jobs_.find(name);
        const bool found = job != jobs_.end();
        CHECK(found);
        if (!found) continue;
        CAPTURE(job->second.id);
        CAPTURE(job->second.state);
        const Bought& sold = bought(name);
        CHECK(sold.purchases <= 1 + sold.failed);
        const bool failed_upstream = job->second.state == "failed" && sold.failed > 0;
        const bool fine = job->second.state == "succeeded" || job->second.state == "held";
        CHECK((fine || failed_upstream));
        if (job->second.state == "succeeded") check_artifacts(job->second, sold);
    }
}

void Audit::check_artifacts(const Job& job, const Bought& sold) const {
    CHECK(sold.purchases > 0);
    CHECK(job.sha256.size() == sold.sha256.size());
    for (std::size_t n = 0; n < job.paths.size(); ++n) {
        CHECK(std::ranges::find(sold.sha256, job.sha256[n]) != sold.sha256.end());
        CHECK(sha256_of_file(job.paths[n]) == job.sha256[n]);
    }
}

void Audit::check_ledger() const {
    std::map<std::string, std::uint64_t> rows;
    std::map<std::string, std::uint64_t> kept;
    for (const auto& row : daemon_.api().all("/v1/ledger?limit=1000", "rows")) {
        const std::string job = text_of(row, "job_id");
        const std::string status = text_of(row, "status");
        ++rows[job];
        if (status == "spent" || status == "uncertain") ++kept[job];
    }
    for (const auto& [name, job] : jobs_) {
        CAPTURE(name);
        const Bought& sold = bought(name);
        CHECK(rows[job.id] >= sold.purchases);
        CHECK(kept[job.id] + sold.failed >= sold.purchases);
    }
}

Audit::Batches Audit::batches() const {
    Batches all;
    for (const auto& batch : daemon_.api().all("/v1/batches?limit=1000", "batches")) {
        for (const char* const state : {"succeeded", "failed", "canceled"}) {
            const auto* count = batch.at("states").as_object().if_contains(state);
            if (count != nullptr) all.lines += count->to_number<std::uint64_t>();
        }
        const auto refused = batch.at("refused").to_number<std::uint64_t>();
        all.refused += refused;
        all.lines += refused;
        const std::string name = text_of(batch, "name");
        const std::string stem =
            name.empty() ? text_of(batch, "id") : name.substr(0, name.rfind('.'));
        all.results.push_back(daemon_.state("results/" + stem));
        if (!batch.at("ended_at").is_null()) all.done.push_back(all.results.back() + ".done");
    }
    return all;
}

/// What came of a reply in doubt is kept for the person who looks into it.
bool Audit::only_held_are_spooled() const {
    std::set<std::string> held;
    for (const auto& [name, job] : jobs_) {
        if (job.state == "held") held.insert(job.id);
    }
    return std::ranges::all_of(
        file_names_below(daemon_.state("spool")),
        [&](const std::string& name) { return held.contains(name.substr(0, name.find('.'))); });
}

/// What stands in the results is the end it had before.
bool Audit::was_retried_and_held(const std::string& name) const {
    const auto job = jobs_.find(name);
    return job != jobs_.end() && job->second.state == "held" && job->second.send > 1;
}

void Audit::check_files(const std::vector<std::string>& accepted,
                        const std::vector<std::string>& rejected) const {
    const Batches batches = this->batches();
    std::multiset<std::string> told;
    const auto complete = [&] {
        told.clear();
        for (const std::string& results : batches.results) {
            told.merge(names_in(results + ".jsonl"));
            told.merge(names_in(results + ".errors.jsonl"));
        }
        std::erase_if(told, [this](const std::string& name) { return was_retried_and_held(name); });
        // Lines that were written twice are there until the files are rewritten clean.
        return told.size() == batches.lines && std::ranges::all_of(batches.done, file_exists);
    };
    try {
        await("the result files", complete);
    } catch (const std::exception& error) {
        const std::string what = error.what();
        FAIL_CHECK(what, ": ", told.size(), " lines of ", batches.lines);
    }
    std::uint64_t refused = 0;
    for (const std::string& name : told) {
        CAPTURE(name);
        CHECK(told.count(name) == 1);
        const auto job = jobs_.find(name);
        if (job != jobs_.end()) CHECK(job->second.state != "held");
        if (job == jobs_.end()) ++refused;
    }
    CHECK(refused == batches.refused);
    const std::set<std::string> taken(accepted.begin(), accepted.end());
    CHECK(file_names_below(daemon_.state("accepted")) == taken);
    std::set<std::string> explained;
    for (const std::string& file : rejected)
        explained.insert({file, file + ".error.txt"});
    CHECK(file_names_below(daemon_.state("rejected")) == explained);
    for (const char* const directory : {"artifacts", "results"}) {
        for (const std::string& name : file_names_below(daemon_.state(directory))) {
            CAPTURE(name);
            CHECK_FALSE((name.ends_with(".part") || name.ends_with(".new")));
        }
    }
    CHECK(only_held_are_spooled());
}

std::string Audit::check_database(std::uint64_t submitting_at_kills) const {
    const std::string database = daemon_.state("db");
    std::uint64_t answered = 0;
    std::uint64_t cut_off = 0;
    for (const queue::EventRecord& event : events_on_disk(database)) {
        if (event.event != proto::Event::ambiguous) continue;
        ++(event.detail == crashed ? cut_off : answered);
    }
    const FaultCounts faults = simulator_.faults();
    CHECK(answered <= faults.ambiguous);
    CHECK(cut_off <= submitting_at_kills);
    CHECK(held_ <= answered + cut_off);
    for (const std::string& violation : faults.violations)
        FAIL_CHECK("the account's limits were broken: ", violation);
    for (const std::string& promise : broken_promises(database))
        FAIL_CHECK(promise);
    std::ostringstream told;
    told << "held " << held_ << ": ambiguous answers " << answered << " of " << faults.ambiguous
         << ", on the wire at a kill " << cut_off << " of " << submitting_at_kills;
    return told.str();
}

}  // namespace genspool::tests
