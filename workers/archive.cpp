#include "workers/archive.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <utility>

#include "proto/media_signature.hpp"
#include "workers/digest.hpp"

namespace genspool::workers {
namespace {

constexpr std::size_t piece_bytes = 64U << 10U;
constexpr std::size_t members_max = 1'000;
constexpr std::size_t name_bytes_max = 500;

struct Closer {
    void operator()(archive* reader) const { archive_read_free(reader); }
};

/// One walk through an archive.
class Walk {
public:
    explicit Walk(ArchiveBytes& bytes) : bytes_(bytes), reader_(archive_read_new()) {
        archive_read_support_filter_none(reader_.get());
        archive_read_support_filter_gzip(reader_.get());
        archive_read_support_format_tar(reader_.get());
        archive_read_support_format_zip_streamable(reader_.get());
        bytes_.rewind();
        opened_ = archive_read_open(reader_.get(), this, nullptr, &Walk::read, nullptr);
    }

    /// The next regular file's name; nullopt: there is none, or see trouble().
    std::optional<std::string> next() {
        archive_entry* entry = nullptr;
        while (opened_ == ARCHIVE_OK) {
            const int found = archive_read_next_header(reader_.get(), &entry);
            if (found == ARCHIVE_EOF) return std::nullopt;
            if (found != ARCHIVE_OK && found != ARCHIVE_WARN) break;
            recognised_ = true;
            const char* const name = archive_entry_pathname(entry);
            if (archive_entry_filetype(entry) == AE_IFREG && name != nullptr)
                return std::string(name).substr(0, name_bytes_max);
        }
        failed_ = true;
        return std::nullopt;
    }

    /// Bytes of the file that next() has named; 0 at its end, negative: see trouble().
    std::ptrdiff_t data(char* into, std::size_t count) {
        const la_ssize_t got = archive_read_data(reader_.get(), into, count);
        failed_ = failed_ || got < 0;
        return got;
    }

    /// It is not read any further.
    void give_up(std::string why) {
        failed_ = true;
        why_ = std::move(why);
    }

    /// It is an archive, whatever became of it.
    bool recognised() const { return recognised_; }
    bool failed() const { return failed_; }
    std::string trouble() const {
        if (!why_.empty()) return why_;
        const char* const words = archive_error_string(reader_.get());
        return words != nullptr ? words : "it cannot be read";
    }

private:
    static la_ssize_t read(archive* reader, void* self, const void** piece) {
        Walk& walk = *static_cast<Walk*>(self);
        const std::ptrdiff_t got = walk.bytes_.read(walk.piece_.data(), walk.piece_.size());
        if (got < 0) archive_set_error(reader, errno, "it cannot be read from the disk");
        *piece = walk.piece_.data();
        return got;
    }

    ArchiveBytes& bytes_;
    std::string piece_ = std::string(piece_bytes, '\0');
    std::unique_ptr<archive, Closer> reader_;
    int opened_ = ARCHIVE_FATAL;
    bool recognised_ = false;
    bool failed_ = false;
    std::string why_;
};

struct Member {
    std::string name;
    std::uint64_t bytes = 0;
};

/// Measures what is in it; a stream does not always tell beforehand.
std::vector<Member> list(Walk& walk, std::uint64_t bytes_max) {
    std::vector<Member> members;
    std::uint64_t total = 0;
    std::string piece(piece_bytes, '\0');
    while (members.size() < members_max) {
        auto name = walk.next();
        if (!name) break;
        Member member{std::move(*name), 0};
        for (std::ptrdiff_t got = walk.data(piece.data(), piece.size()); got > 0 && !walk.failed();
             got = walk.data(piece.data(), piece.size())) {
            member.bytes += static_cast<std::uint64_t>(got);
            total += static_cast<std::uint64_t>(got);
            // A small archive may claim to hold more than any disk.
            if (total > bytes_max) walk.give_up("what it holds is too long");
        }
        if (walk.failed()) break;
        members.push_back(std::move(member));
    }
    return members;
}

bool is_sound(const Member& member) {
    return proto::media_type_of(member.name).starts_with("audio/");
}

/// nullptr: there is no such file.
const Member* choose(const std::vector<Member>& members, std::string_view wanted) {
    const auto found = std::find_if(members.begin(), members.end(), [&](const Member& member) {
        return wanted.empty() ? is_sound(member) : member.name == wanted;
    });
    if (found != members.end()) return &*found;
    if (!wanted.empty() || members.empty()) return nullptr;
    return &*std::max_element(members.begin(), members.end(),
                              [](const Member& a, const Member& b) { return a.bytes < b.bytes; });
}

void extract(Walk& walk, std::uint64_t bytes_max, const ArchiveSink& sink, Unpacked& unpacked) {
    Sha256 digest;
    // On the heap: the pool's threads have small stacks.
    std::string buffer(piece_bytes, '\0');
    while (true) {
        const std::ptrdiff_t got = walk.data(buffer.data(), buffer.size());
        if (got < 0) unpacked.trouble = walk.trouble();
        if (got <= 0) break;
        const std::string_view piece(buffer.data(), static_cast<std::size_t>(got));
        unpacked.bytes += piece.size();
        if (unpacked.bytes > bytes_max) {
            unpacked.trouble = "what it holds is too long";
            return;
        }
        digest.update(piece);
        if (unpacked.head.size() < proto::signature_bytes)
            unpacked.head += piece.substr(0, proto::signature_bytes - unpacked.head.size());
        unpacked.error = sink(piece);
        if (unpacked.error) return;
    }
    unpacked.sha256 = digest.hex();
}

}  // namespace

Unpacked unpack(ArchiveBytes& archive, std::string_view member, std::uint64_t bytes_max,
                const ArchiveSink& sink) {
    Unpacked unpacked;
    Walk first(archive);
    const std::vector<Member> members = list(first, bytes_max);
    if (first.failed()) {
        unpacked.bare = !first.recognised() && member.empty();
        unpacked.trouble = first.trouble();
        return unpacked;
    }
    const Member* const chosen = choose(members, member);
    if (chosen == nullptr) {
        unpacked.trouble = member.empty() ? "it is empty" : "it holds no " + std::string(member);
        return unpacked;
    }
    unpacked.member = chosen->name;
    for (const Member& other : members) {
        if (&other != chosen) unpacked.others.push_back(other.name);
    }
    Walk second(archive);
    for (auto name = second.next(); name; name = second.next()) {
        if (*name != chosen->name) continue;
        extract(second, bytes_max, sink, unpacked);
        return unpacked;
    }
    unpacked.trouble = second.trouble();
    return unpacked;
}

}  // namespace genspool::workers
