#include "daemon/results_rewrite.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <vector>

#include "daemon/inbox_files.hpp"
#include "daemon/result_line_key.hpp"

namespace genspool::daemon {

using workers::Descriptor;

namespace {

constexpr std::size_t block_bytes = 256U << 10U;

/// Where a line stands.
struct Line {
    ResultLineKey key;
    std::uint64_t offset = 0;
    std::uint32_t bytes = 0;
    std::uint32_t file = 0;
};

std::string read_at(const Descriptor& file, std::uint64_t offset, std::size_t count) {
    std::string bytes(count, '\0');
    std::size_t filled = 0;
    while (filled < count) {
        const ssize_t got = ::pread(file.get(), bytes.data() + filled, count - filled,
                                    static_cast<off_t>(offset + filled));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw_errno("read");
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
    }
    bytes.resize(filled);
    return bytes;
}

void find_lines(const Descriptor& source, std::uint64_t length, std::uint32_t file,
                std::vector<Line>& lines) {
    std::string held;  // what was read and not yet cut into lines
    std::uint64_t at = 0;
    while (at + held.size() < length) {
        const std::uint64_t from = at + held.size();
        const auto wanted = static_cast<std::size_t>(
            std::min<std::uint64_t>(std::max(block_bytes, held.size()), length - from));
        const std::string block = read_at(source, from, wanted);
        if (block.empty()) break;
        held += block;
        std::size_t begin = 0;
        for (std::size_t end = held.find('\n'); end != std::string::npos;
             end = held.find('\n', begin)) {
            const std::string_view text = std::string_view(held).substr(begin, end + 1 - begin);
            const auto key = result_line_key(text);
            if (key) {
                lines.push_back(
                    Line{*key, at + begin, static_cast<std::uint32_t>(text.size()), file});
            }
            begin = end + 1;
        }
        at += begin;
        held.erase(0, begin);
    }
}

/// Of each job the last; all refused lines, in the order they stand in.
void keep_what_counts(std::vector<Line>& lines) {
    std::stable_sort(lines.begin(), lines.end(),
                     [](const Line& a, const Line& b) { return a.key < b.key; });
    std::vector<Line> kept;
    for (const Line& line : lines) {
        const bool again = !kept.empty() && line.key.job && kept.back().key.job == line.key.job;
        if (again) kept.pop_back();
        kept.push_back(line);
    }
    lines = std::move(kept);
}

}  // namespace

std::array<std::uint64_t, 2> rewrite_results(const std::array<Descriptor, 2>& sources,
                                             const std::array<std::uint64_t, 2>& lengths,
                                             const std::array<Descriptor, 2>& targets) {
    std::vector<Line> lines;
    for (std::uint32_t file = 0; file < 2; ++file) {
        if (sources.at(file).open()) find_lines(sources.at(file), lengths.at(file), file, lines);
    }
    keep_what_counts(lines);
    std::array<std::uint64_t, 2> written{};
    std::array<std::string, 2> pending;
    for (const Line& line : lines) {
        std::string& text = pending.at(line.file);
        text += read_at(sources.at(line.file), line.offset, line.bytes);
        if (text.size() < block_bytes) continue;
        write_at(targets.at(line.file), text, written.at(line.file));
        written.at(line.file) += text.size();
        text.clear();
    }
    for (std::size_t file = 0; file < 2; ++file) {
        write_at(targets.at(file), pending.at(file), written.at(file));
        written.at(file) += pending.at(file).size();
    }
    return written;
}

}  // namespace genspool::daemon
