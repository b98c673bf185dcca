#include "daemon/import.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "daemon/bell.hpp"
#include "daemon/inbox_names.hpp"
#include "daemon/queue_calls.hpp"
#include "daemon/refused_object.hpp"
#include "queue/kill_point.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;

namespace {

constexpr std::string_view inbox_principal = "inbox";

// Checking a chunk's lines takes milliseconds; others on the event loop get their turn in between.
constexpr std::size_t pieces_a_turn = 64;

// After so many lines of which none is a job, nothing better is to be expected of the rest.
constexpr std::uint64_t hopeless_lines = 10'000;

bool is_yes(const queue::Answer& answer) {
    return answer.errc == queue::Errc::ok || answer.errc == queue::Errc::already;
}

}  // namespace

Import::Import(const ImportParts& parts, ImportMemory& memory, std::string name)
    : parts_(parts),
      memory_(memory),
      name_(std::move(name)),
      kind_(name_kind(name_)),
      inputs_(parts.folders, parts.pool, parts.blobs, parts.clock, parts.limits) {}

asio::awaitable<ImportOutcome> Import::run(const bool& stop) {
    if (auto ended = co_await open_file()) co_return std::move(*ended);
    const bool sealed = co_await was_sealed();
    if (sealed) co_return co_await finish();
    if (auto ended = co_await skip_duplicate()) co_return std::move(*ended);
    if (auto ended = co_await open_batch()) co_return std::move(*ended);
    if (auto ended = co_await admit_all(stop)) co_return std::move(*ended);
    if (auto ended = co_await seal()) co_return std::move(*ended);
    co_return co_await finish();
}

asio::awaitable<Import::Outcome> Import::open_file() {
    auto open = [this] { return parts_.folders.open(name_); };
    FileOpened opened = co_await workers::on_pool(parts_.pool, open);
    if (opened.error == std::errc::no_such_file_or_directory) {
        co_return outcome(ImportEnd::gone, "");
    }
    if (opened.error) {
        std::string why = "it cannot be opened: " + opened.error.message();
        co_return co_await reject("unreadable", 0, std::move(why));
    }
    identity_ = opened.identity;
    reader_ = std::make_unique<ImportReader>(std::move(opened.file), splitter(), parts_.limits);
    co_return std::nullopt;
}

/// Whether all of it is in a sealed batch already. Where it only has the inode of such a file, that
/// one is gone, and nothing of this one was ever taken.
asio::awaitable<bool> Import::was_sealed() {
    const auto found = memory_.sealed.find(identity_.file());
    if (found == memory_.sealed.end()) co_return false;
    const SealedFile sealed = found->second;
    auto compare = [this, &sealed] {
        const auto hash = [this] { return hash_file(reader_->descriptor()); };
        return is_sealed_file(sealed, name_, identity_, hash);
    };
    const bool same = co_await workers::on_pool(parts_.pool, compare);
    batch_ = sealed.batch;
    if (same) co_return true;
    const auto view = co_await find_batch();
    const bool open = view && note_of(*view, note_file).empty();
    if (open) co_await note(note_file, "gone");
    batch_ = {};
    memory_.sealed.erase(identity_.file());
    co_return false;
}

ImportReader::Splitter Import::splitter() const {
    const std::size_t most = parts_.limits.piece_bytes_max;
    if (kind_ == NameKind::json) return ArraySplitter(most);
    if (kind_ == NameKind::csv) return TableSplitter(most);
    if (kind_ != NameKind::txt) return LineSplitter(most);
    return TextSplitter(
        most, boost::json::object{
                  {"kind", "tts"}, {"custom_id", stem_of(name_)}, {"request", parts_.speech}});
}

asio::awaitable<Import::Outcome> Import::skip_duplicate() {
    if (!memory_.dedupe_content) co_return std::nullopt;
    auto hash = [this] { return hash_file(reader_->descriptor()); };
    const std::string content_hash = co_await workers::on_pool(parts_.pool, hash);
    if (!memory_.hashes.contains(content_hash)) co_return std::nullopt;
    auto move = [this] {
        unsigned n = 1;
        const std::string stem = parts_.folders.free_stem(name_, n);
        return parts_.folders.accept(name_, stem, identity_);
    };
    const FileMoved moved = co_await workers::on_pool(parts_.pool, move);
    if (moved.how == FileMoved::How::gone) co_return outcome(ImportEnd::gone, "");
    if (moved.how == FileMoved::How::another) co_return outcome(ImportEnd::changed, "replaced");
    co_return outcome(ImportEnd::accepted, "the same content was taken before; nothing admitted");
}

asio::awaitable<Import::Outcome> Import::open_batch() {
    for (unsigned n = 1;; ++n) {
        queue::OpenBatch open;
        open.source = queue::BatchSource::inbox;
        open.name = name_;
        open.principal = inbox_principal;
        open.identity = identity_.text();
        // A file that came back from accepted/ still is the same inode: a drop of its own.
        if (n > 1) open.identity += "#" + std::to_string(n);
        const queue::Answer answer = co_await ask(parts_.queue, std::move(open));
        const auto* opened = std::get_if<queue::BatchOpened>(&answer.body);
        if (!is_yes(answer) || opened == nullptr) {
            co_return outcome(ImportEnd::later, answer.detail);
        }
        batch_ = opened->batch;
        batch_id_ = opened->id.text();
        std::string progress = opened->progress;
        const bool sealed = opened->sealed;
        GENSPOOL_KILL_POINT("inbox.opened");
        if (!sealed) co_return co_await go_on(std::move(progress));
    }
}

/// Skips what a former life is done with, or drops it where the file's beginning is another.
asio::awaitable<Import::Outcome> Import::go_on(std::string text) {
    if (text.empty()) co_return std::nullopt;
    const auto progress = parse_progress(text);
    if (progress) {
        auto resume = [this, &progress] { return reader_->resume(*progress); };
        const bool agrees = co_await workers::on_pool(parts_.pool, resume);
        if (agrees) {
            progress_ = *progress;
            co_return std::nullopt;
        }
    }
    co_await drop_batch();
    co_return outcome(ImportEnd::changed, "its beginning is not what was imported of it before");
}

asio::awaitable<Import::Outcome> Import::admit_all(const bool& stop) {
    while (true) {
        const bool cancelled = co_await is_cancelled();
        if (stop || cancelled) co_return outcome(ImportEnd::later, "stopping");
        auto read = [this] { return reader_->next(); };
        ImportChunk chunk = co_await workers::on_pool(parts_.pool, read);
        if (auto ended = co_await check_unchanged()) co_return ended;
        if (chunk.unreadable) {
            Unreadable unreadable = std::move(*chunk.unreadable);
            co_return co_await reject("unreadable", unreadable.line, std::move(unreadable.reason));
        }
        const bool last = chunk.last;
        if (auto ended = co_await admit(std::move(chunk))) co_return ended;
        GENSPOOL_KILL_POINT("inbox.after_chunk");
        const bool hopeless = progress_.readable == 0 && (last || progress_.line >= hopeless_lines);
        if (hopeless) co_return co_await reject_hopeless();
        if (last) co_return std::nullopt;
    }
}

asio::awaitable<Import::Outcome> Import::admit(ImportChunk chunk) {
    queue::AdmitChunk admit;
    admit.batch = batch_;
    if (auto ended = co_await read_pieces(chunk.pieces, admit)) co_return ended;
    progress_.offset = chunk.offset;
    progress_.line = chunk.line;
    progress_.sha256 = chunk.sha256;
    admit.progress = show_progress(progress_);
    const queue::Answer answer = co_await ask(parts_.queue, std::move(admit));
    if (is_yes(answer)) co_return std::nullopt;
    if (answer.errc == queue::Errc::not_found || answer.errc == queue::Errc::sealed) {
        co_return outcome(ImportEnd::changed, "its batch is gone");
    }
    if (answer.errc == queue::Errc::too_many) {
        std::string why = answer.detail;
        co_return co_await reject("too_long", 0, std::move(why));
    }
    // The other file may be gone for good, or wait for something itself.
    if (answer.errc == queue::Errc::undecided) co_return outcome(ImportEnd::waits, answer.detail);
    co_return outcome(ImportEnd::later, answer.detail);
}

asio::awaitable<Import::Outcome> Import::read_pieces(std::vector<Piece>& pieces,
                                                     queue::AdmitChunk& admit) {
    auto executor = co_await asio::this_coro::executor;
    const proto::Instant now = parts_.clock.now();
    std::size_t turn = 0;
    for (Piece& piece : pieces) {
        if (++turn % pieces_a_turn == 0) co_await asio::post(executor, asio::use_awaitable);
        queue::RefusedLine refused;
        refused.line = piece.number;
        if (piece.too_long) {
            refused.code = "too_long";
            refused.message =
                "it is longer than " + std::to_string(parts_.limits.piece_bytes_max) + " bytes";
            admit.refused.push_back(std::move(refused));
            continue;
        }
        if (!piece.fault.empty()) {
            ++progress_.readable;
            refused.code = "invalid";
            refused.message = std::move(piece.fault);
            admit.refused.push_back(std::move(refused));
            continue;
        }
        InputsTaken taken = co_await inputs_.take(std::move(piece.text));
        if (!taken.later.empty()) co_return outcome(ImportEnd::waits, taken.later);
        piece.text = std::move(taken.text);
        auto job = taken.refused
                       ? proto::Result<queue::AdmitOne>(std::move(*taken.refused))
                       : parts_.admission.line(piece.text, std::string(inbox_principal), now);
        if (job) {
            ++progress_.readable;
            admit.jobs.emplace_back(piece.number, std::move(*job));
            continue;
        }
        const auto object = refused_object(piece.text);
        if (!object && kind_ == NameKind::json) {
            std::string why =
                "element " + std::to_string(piece.number) + ": " + job.error().message;
            co_return co_await reject("unreadable", 0, std::move(why));
        }
        if (object) {
            ++progress_.readable;
            refused.custom_id = object->custom_id;
        }
        refused.code = job.error().code;
        refused.field = job.error().field;
        refused.message = job.error().message;
        admit.refused.push_back(std::move(refused));
    }
    co_return std::nullopt;
}

/// The open file and the one under its name are still what the import began with.
asio::awaitable<Import::Outcome> Import::check_unchanged() {
    auto compare = [this]() -> std::optional<ImportEnd> {
        const auto seen = parts_.folders.look(name_);
        if (!seen) return ImportEnd::gone;
        if (seen->identity != identity_) return ImportEnd::changed;
        return std::nullopt;
    };
    const auto differs = co_await workers::on_pool(parts_.pool, compare);
    if (!differs) co_return std::nullopt;
    co_await drop_batch();
    co_return outcome(*differs, "");
}

asio::awaitable<Import::Outcome> Import::seal() {
    const auto view = co_await find_batch();
    if (!view || note_of(*view, note_stem).empty()) {
        std::string stem = co_await claim_stem();
        const queue::Answer noted = co_await note(note_stem, std::move(stem));
        if (!is_yes(noted)) co_return outcome(ImportEnd::later, noted.detail);
    }
    GENSPOOL_KILL_POINT("inbox.before_seal");
    if (auto ended = co_await check_unchanged()) co_return ended;
    queue::Seal seal;
    seal.batch = batch_;
    seal.content_hash = progress_.sha256;
    const queue::Answer answer = co_await ask(parts_.queue, std::move(seal));
    if (!is_yes(answer)) co_return outcome(ImportEnd::later, answer.detail);
    memory_.sealed.insert_or_assign(identity_.file(),
                                    SealedFile{batch_, name_, identity_, progress_.sha256});
    if (memory_.dedupe_content) memory_.hashes.insert(progress_.sha256);
    GENSPOOL_KILL_POINT("inbox.after_seal");
    co_return std::nullopt;
}

asio::awaitable<ImportOutcome> Import::finish() {
    const auto view = co_await find_batch();
    if (!view) co_return outcome(ImportEnd::gone, "its batch is gone");
    batch_id_ = view->id.text();
    const std::string jobs =
        std::to_string(view->accepted) + " jobs, " + std::to_string(view->refused) + " refused";
    const FileMoved moved = co_await move(std::string(note_of(*view, note_stem)));
    if (moved.how == FileMoved::How::another) {
        co_return outcome(ImportEnd::changed, jobs + "; another file took its name");
    }
    if (moved.changed) co_return outcome(ImportEnd::accepted, jobs + "; written to after its end");
    co_return outcome(ImportEnd::accepted, jobs);
}

/// Out of the watch folder, and notes where it went.
asio::awaitable<FileMoved> Import::move(std::string stem) {
    auto accept = [this, &stem] { return parts_.folders.accept(name_, stem, identity_); };
    FileMoved moved = co_await workers::on_pool(parts_.pool, accept);
    GENSPOOL_KILL_POINT("inbox.moved");
    std::string place = moved.how == FileMoved::How::moved ? moved.path : "gone";
    co_await note(note_file, std::move(place));
    memory_.sealed.erase(identity_.file());
    GENSPOOL_KILL_POINT("inbox.noted");
    co_return moved;
}

asio::awaitable<std::string> Import::claim_stem() {
    for (unsigned n = 1;; ++n) {
        auto free = [this, &n] { return parts_.folders.free_stem(name_, n); };
        std::string stem = co_await workers::on_pool(parts_.pool, free);
        const bool fresh = memory_.stems.insert(stem).second;
        if (fresh) co_return stem;
    }
}

asio::awaitable<ImportOutcome> Import::reject(std::string code, std::uint64_t line,
                                              std::string why) {
    co_await drop_batch();
    std::string text = std::move(code) + ": ";
    if (line > 0) text += "line " + std::to_string(line) + ": ";
    text += why + "\n";
    auto move = [this, &text] { return parts_.folders.reject(name_, identity_, text); };
    const bool moved = co_await workers::on_pool(parts_.pool, move);
    text.pop_back();
    if (!moved) co_return outcome(ImportEnd::changed, text + "; another file took its name");
    co_return outcome(ImportEnd::rejected, std::move(text));
}

/// Nothing in it could be read; the first line's trouble stands for all.
asio::awaitable<ImportOutcome> Import::reject_hopeless() {
    std::vector<queue::RefusedLine> first;
    std::function<void(const queue::Reader&)> read = [this, &first](const queue::Reader& reader) {
        first = reader.refused_lines(batch_, 0, 1);
    };
    co_await look(parts_.queue, std::move(read));
    if (first.empty()) co_return co_await reject("unreadable", 0, "it is empty");
    std::string why = first.front().message + " (no line of it is a job)";
    co_return co_await reject("unreadable", first.front().line, std::move(why));
}

asio::awaitable<void> Import::drop_batch() {
    if (batch_.value == 0) co_return;
    queue::DropBatch drop;
    drop.batch = batch_;
    co_await ask(parts_.queue, drop);
    GENSPOOL_KILL_POINT("inbox.dropped");
}

asio::awaitable<queue::Answer> Import::note(std::string_view name, std::string value) {
    queue::NoteBatch note;
    note.batch = batch_;
    note.name = name;
    note.value = std::move(value);
    co_return co_await ask(parts_.queue, std::move(note));
}

asio::awaitable<std::optional<queue::BatchView>> Import::find_batch() {
    std::optional<queue::BatchView> view;
    std::function<void(const queue::Reader&)> read = [this, &view](const queue::Reader& reader) {
        view = reader.find_batch(batch_);
    };
    co_await look(parts_.queue, std::move(read));
    co_return view;
}

ImportOutcome Import::outcome(ImportEnd end, std::string why) const {
    return ImportOutcome{end, std::move(why), batch_id_};
}

}  // namespace genspool::daemon
