// What the oracle asks of the result files.
#include <algorithm>
#include <map>
#include <string>

#include "daemon/result_line_key.hpp"
#include "tests/simulation/oracle.hpp"

namespace genspool::simulation {

using proto::State;

namespace {

struct Lines {
    std::map<proto::JobSeq, proto::EventSeq> ends;  ///< by job: which end its line tells of
    std::string fault;
    bool doubles = false;  ///< a job has more than one line, as after a retry
};

Lines read_lines(const std::string& text) {
    Lines lines;
    std::size_t begin = 0;
    while (begin < text.size()) {
        const std::size_t end = text.find('\n', begin);
        if (end == std::string::npos) {
            lines.fault = "ends in the middle of a line";
            break;
        }
        const auto key = daemon::result_line_key(std::string_view(text).substr(begin, end - begin));
        begin = end + 1;
        if (!key) {
            lines.fault = "holds a line that nobody can read";
        } else if (key->job) {
            const auto [line, first] = lines.ends.emplace(key->job, key->end);
            line->second = std::max(line->second, key->end);
            lines.doubles = lines.doubles || !first;
        }
    }
    return lines;
}

}  // namespace

void Oracle::check_done(proto::EventSeq written, const tests::PosixMount& folders) {
    if (written != last_) return;
    for (const proto::JobSeq seq : living_) {
        const JobBook& job = jobs_.at(seq);
        const auto name = result_names_.find(job.batch);
        if (name == result_names_.end() || proto::is_terminal(job.state)) continue;
        if (folders.read("results/" + name->second + ".done"))
            broke("results/" + name->second + ".done says that all have ended, but " + job.ref +
                  " has not");
    }
}

void Oracle::check_results(const tests::PosixMount& folders) {
    for (const auto& [batch, name] : result_names_)
        check_results(batch, name, folders);
}

void Oracle::check_results(proto::BatchSeq batch, const std::string& name,
                           const tests::PosixMount& folders) {
    const std::string path = "results/" + name;
    const std::string what =
        "the result file of batch " + std::to_string(batch.value) + " (" + name + ") ";
    if (!folders.read(path + ".done")) broke(what + "is not done");
    const Lines good = read_lines(folders.read(path + ".jsonl").value_or(""));
    const Lines bad = read_lines(folders.read(path + ".errors.jsonl").value_or(""));
    if (!good.fault.empty()) broke(what + good.fault);
    if (!bad.fault.empty()) broke(what + "for errors " + bad.fault);
    if (good.doubles || bad.doubles) broke(what + "tells of a job twice");
    for (const auto& [seq, job] : jobs_) {
        if (job.batch != batch) continue;
        const bool succeeded = job.ended_as == State::succeeded;
        const auto& right = succeeded ? good.ends : bad.ends;
        const auto& wrong = succeeded ? bad.ends : good.ends;
        const auto line = right.find(seq);
        if (line == right.end()) {
            broke(what + "has no line of " + job.id.text() + " (" + job.ref + ")");
        } else if (line->second != job.end_event) {
            broke(what + "tells of another end of " + job.ref);
        }
        if (wrong.contains(seq)) broke(what + "tells of " + job.ref + " in the other file as well");
    }
}

}  // namespace genspool::simulation
