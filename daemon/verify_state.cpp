#include "daemon/verify_state.hpp"

#include <array>
#include <filesystem>
#include <optional>

#include "daemon/idle_state.hpp"
#include "proto/json_writer.hpp"
#include "queue/high_water.hpp"

namespace genspool::daemon {

namespace {

void append(std::vector<std::string>& all, const std::vector<std::string>& more) {
    all.insert(all.end(), more.begin(), more.end());
}

/// What the mark beside the database says against it; empty: nothing.
std::string lost_tail(const std::string& directory, proto::EventSeq last) {
    std::optional<proto::EventSeq> marked;
    try {
        marked = queue::read_high_water(directory + "/db.high_water");
    } catch (const queue::StoreFailed& error) {
        return std::string("how far the log has been cannot be read: ") + error.what();
    }
    if (!marked || *marked <= last) return {};
    return "the database has lost its tail: by db.high_water the log has reached event " +
           std::to_string(marked->value) + ", and it ends with event " + std::to_string(last.value);
}

void write_jobs(proto::JsonWriter& json, const queue::Verdict& database) {
    json.count("jobs", database.jobs);
    json.begin_object("states");
    for (std::size_t state = 1; state < database.by_state.size(); ++state) {
        json.count(proto::to_string(static_cast<proto::State>(state)), database.by_state.at(state));
    }
    json.end_object();
}

void write_money(proto::JsonWriter& json, const queue::Verdict& database) {
    constexpr std::array<std::string_view, 4> words{"reserved", "spent", "released", "uncertain"};
    json.begin_object("purchases");
    for (std::size_t status = 0; status < words.size(); ++status)
        json.count(words.at(status), database.purchases.at(status));
    json.end_object();
    json.begin_array("money");
    for (const proto::Unit unit : {proto::Unit::usd, proto::Unit::credits}) {
        const queue::TotalRow& total = database.money.at(static_cast<std::size_t>(unit));
        if (total == queue::TotalRow{}) continue;
        json.begin_object();
        json.text("unit", proto::to_string(unit));
        json.money("spent", total.spent);
        json.money("reserved", total.reserved);
        json.money("uncertain", total.uncertain);
        json.end_object();
    }
    json.end_array();
}

void write_sentences(proto::JsonWriter& json, std::string_view key,
                     const std::vector<std::string>& sentences) {
    json.begin_array(key);
    for (const std::string& sentence : sentences)
        json.element(sentence);
    json.end_array();
}

}  // namespace

std::vector<std::string> StateVerdict::broken() const {
    std::vector<std::string> all = database.broken;
    append(all, files.broken);
    append(all, results.broken);
    return all;
}

StateVerdict verify_state(const std::string& directory, bool hash) {
    StateVerdict verdict;
    verdict.hashed = hash;
    try {
        const IdleState state(directory);
        verdict.database = queue::verify(state.store());
        const std::string lost = lost_tail(directory, verdict.database.last_event);
        if (!lost.empty()) verdict.database.broken.push_back(lost);
        const workers::LocalStateFiles files(directory);
        verdict.files = workers::verify_files(state.store(), files, hash);
        // A backup has no mark, and may have no artifacts.
        const bool lives = std::filesystem::exists(directory + "/db.high_water");
        if (lives && !verdict.files.artifacts_here && verdict.files.artifacts > 0)
            verdict.files.broken.emplace_back(
                "artifacts/, which holds all that was brought home, is gone");
        verdict.results = verify_results(state.store(), files);
    } catch (const queue::StoreFailed& error) {
        verdict.database.broken.push_back(std::string("the database cannot be read: ") +
                                          error.what());
    }
    return verdict;
}

std::string verdict_text(const std::string& directory, const StateVerdict& verdict) {
    const std::vector<std::string> broken = verdict.broken();
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.text("directory", directory);
    json.flag("sound", broken.empty());
    write_jobs(json, verdict.database);
    json.count("batches", verdict.database.batches);
    json.count("events", verdict.database.events);
    json.count("slots", verdict.database.slots);
    write_money(json, verdict.database);
    json.begin_object("artifacts");
    json.count("files", verdict.files.artifacts);
    json.count("bytes", verdict.files.artifact_bytes);
    json.flag("here", verdict.files.artifacts_here);
    json.flag("hashed", verdict.hashed && verdict.files.artifacts_here);
    json.end_object();
    json.count("spooled", verdict.files.spooled);
    json.count("blobs", verdict.files.blobs);
    json.begin_object("results");
    json.count("batches", verdict.results.batches);
    json.count("lines", verdict.results.lines);
    json.end_object();
    write_sentences(json, "leftovers", verdict.files.leftovers);
    write_sentences(json, "broken", broken);
    json.end_object();
    return out;
}

}  // namespace genspool::daemon
