#include "tests/daemon/damaged_state.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>

#include "daemon/verify_state.hpp"
#include "proto/record.hpp"
#include "queue/keys.hpp"

namespace genspool::tests {

namespace fs = std::filesystem;

namespace {

bool any_has(const std::vector<std::string>& sentences, const std::string& part) {
    const auto has = [&](const std::string& sentence) {
        return sentence.find(part) != std::string::npos;
    };
    if (std::any_of(sentences.begin(), sentences.end(), has)) return true;
    for (const std::string& sentence : sentences)
        MESSAGE("found instead: " << sentence);
    return false;
}

}  // namespace

DamagedState::DamagedState(const std::string& sound) {
    fs::copy(sound, path(), fs::copy_options::recursive);
}

std::string DamagedState::read(const std::string& name) const {
    std::ifstream file(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void DamagedState::write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path(name), std::ios::binary) << bytes;
}

void DamagedState::remove(const std::string& name) const {
    if (!fs::remove(path(name))) throw std::runtime_error("there is no " + name);
}

std::string DamagedState::only(const std::string& directory, const std::string& beginning) const {
    std::optional<std::string> found;
    for (const auto& entry : fs::directory_iterator(path(directory))) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with(beginning)) continue;
        if (found) throw std::runtime_error("more than one " + beginning + " in " + directory);
        found = directory + "/" + name;
    }
    if (!found) throw std::runtime_error("no " + beginning + " in " + directory);
    return *found;
}

std::vector<std::string> DamagedState::lines(const std::string& name) const {
    std::ifstream file(path(name), std::ios::binary);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);)
        lines.push_back(line);
    return lines;
}

void DamagedState::write_lines(const std::string& name,
                               const std::vector<std::string>& lines) const {
    std::string text;
    for (const std::string& line : lines)
        text += line + "\n";
    write(name, text);
}

void DamagedState::in_database(const std::function<void(queue::Store&)>& change) const {
    queue::StoreOptions options;
    options.path = path("db");
    queue::Store store(options);
    change(store);
}

void DamagedState::change_job(const std::function<bool(const proto::JobRecord&)>& fits,
                              const std::function<void(proto::JobRecord&)>& change) const {
    in_database([&](queue::Store& store) {
        std::optional<proto::JobRecord> job;
        store.scan(queue::keys::family_begin(queue::keys::record_family),
                   queue::keys::family_end(queue::keys::record_family),
                   [&](std::string_view, std::string_view value) {
                       job = proto::decode_record(value);
                       return !job || !fits(*job);
                   });
        if (!job || !fits(*job)) throw std::runtime_error("there is no such job");
        change(*job);
        store.commit({{queue::keys::record(job->seq), proto::encode(*job)}});
    });
}

bool DamagedState::names(const std::string& part, bool quick) const {
    return any_has(daemon::verify_state(path(), !quick).broken(), part);
}

bool DamagedState::leaves_over(const std::string& part) const {
    const daemon::StateVerdict verdict = daemon::verify_state(path(), true);
    return verdict.broken().empty() && any_has(verdict.files.leftovers, part);
}

}  // namespace genspool::tests
