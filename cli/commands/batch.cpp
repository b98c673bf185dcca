#include <CLI/CLI.hpp>
#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string_view>
#include <utility>

#include "cli/batch_text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/input_files.hpp"
#include "cli/json_reading.hpp"
#include "cli/problem.hpp"
#include "cli/program.hpp"
#include "cli/submission.hpp"
#include "cli/urls.hpp"
#include "cli/waiting.hpp"
#include "proto/money.hpp"
#include "proto/utf8.hpp"

namespace genspool::cli {
namespace {

struct Options {
    std::string file;
    std::string idempotency_key;
    std::string timeout;
    std::string budget;
    bool wait = false;
    bool atomic = false;
    bool dry_run = false;
};

/// Under a key the daemon holds a batch in memory; larger ones are streamed without.
constexpr std::uintmax_t keyed_bytes_max = 16U << 20U;

/// The batch as it is sent: what a file or standard input holds, with the files handed in that it
/// names. All of them before its own request, whose connection would be idle meanwhile: so a file
/// is read twice, and what cannot be read twice is kept.
class Feed {
public:
    Feed(const std::string& name, const ByteSource& standard_input, Daemon& daemon)
        : standard_input_(standard_input),
          files_(daemon, std::filesystem::path(name == "-" ? "" : name).parent_path()) {
        if (name != "-") open(name);
        read_raw();
        const std::size_t at = pending_.find_first_not_of(" \t\r\n");
        array_ = at != npos && pending_[at] == '[';
        do {
            take_lines();
            if (again_) ready_.clear();
        } while (read_raw());
        finish();
        rewind();
    }

    std::size_t read(char* into, std::size_t size) {
        while (given_ == ready_.size() && !ended_) {
            ready_.clear();
            given_ = 0;
            if (read_raw()) {
                take_lines();
            } else {
                finish();
            }
        }
        const std::size_t given = ready_.copy(into, size, given_);
        given_ += given;
        return given;
    }

    void rewind() {
        given_ = 0;
        if (!again_) return;
        file_.clear();
        file_.seekg(0);
        pending_.clear();
        ready_.clear();
        lines_ = 0;
        begun_ = false;
        ended_ = false;
    }

    bool is_array() const { return array_; }  ///< one JSON array instead of one job a line
    bool is_small_file() const { return small_; }
    bool is_file() const { return again_; }

private:
    static constexpr std::size_t npos = std::string::npos;

    void open(const std::string& name) {
        std::error_code ignored;  // a size that cannot be known counts as large
        const auto bytes = std::filesystem::file_size(name, ignored);
        small_ = !ignored && bytes <= keyed_bytes_max;
        again_ = std::filesystem::is_regular_file(name, ignored);
        file_.open(name, std::ios::binary);
        if (!file_) throw CommandFailed(Exit::usage, name + " cannot be read");
        named_ = true;
    }

    /// False: there is no more.
    bool read_raw() {
        std::array<char, 65536> piece{};
        std::size_t size = 0;
        if (!named_) {
            size = standard_input_(piece.data(), piece.size());
        } else {
            file_.read(piece.data(), piece.size());
            if (file_.bad())
                throw CommandFailed(Exit::usage, "the batch cannot be read to its end");
            size = static_cast<std::size_t>(file_.gcount());
        }
        pending_.append(piece.data(), size);
        if (!begun_ && pending_.starts_with(proto::byte_order_mark))
            pending_.erase(0, proto::byte_order_mark.size());
        begun_ = true;
        return size > 0;
    }

    /// Those that are complete. An array is one piece.
    void take_lines() {
        std::size_t from = 0;
        std::size_t end = array_ ? npos : pending_.find('\n', searched_);
        for (; end != npos; end = pending_.find('\n', from)) {
            ready_ += with_files(pending_.substr(from, end - from)) + "\n";
            from = end + 1;
        }
        pending_.erase(0, from);
        searched_ = pending_.size();
    }

    void finish() {
        ready_ += with_files(std::exchange(pending_, {}));
        searched_ = 0;
        ended_ = true;
    }

    std::string with_files(std::string text) {
        ++lines_;
        try {
            return files_.hand_in(std::move(text));
        } catch (const CommandFailed& failed) {
            const std::string line = array_ ? "" : "line " + std::to_string(lines_) + ": ";
            throw CommandFailed(failed.exit(), line + failed.what());
        }
    }

    const ByteSource& standard_input_;
    InputFiles files_;
    std::ifstream file_;
    std::string pending_;       ///< read, and no whole line yet
    std::size_t searched_ = 0;  ///< so much of it has no end of a line
    std::string ready_;         ///< to be sent
    std::size_t given_ = 0;     ///< so much of it is
    std::size_t lines_ = 0;
    bool named_ = false;  ///< a file, or a pipe with a name
    bool again_ = false;  ///< it can be read again
    bool begun_ = false;
    bool ended_ = false;
    bool array_ = false;
    bool small_ = false;
};

std::string send(Context& context, const Options& options) {
    Feed feed(options.file, context.console.in, context.daemon());
    HttpCall call;
    call.method = "POST";
    Target target("/v1/jobs");
    target.add("atomic", options.atomic ? "true" : "");
    target.add("dry_run", options.dry_run ? "true" : "");
    target.add("budget", options.budget);
    call.target = target.text();
    call.content_type = feed.is_array() ? "application/json" : "application/x-ndjson";
    call.source = [&feed](char* into, std::size_t size) { return feed.read(into, size); };
    call.rewind = [&feed] { feed.rewind(); };
    std::string key = options.idempotency_key;
    if (key.empty() && feed.is_small_file() && !options.dry_run) key = random_key();
    if (!key.empty()) {
        call.headers.emplace_back("Idempotency-Key", key);
        call.in_doubt =
            "the batch may have been taken: repeat the command with --idempotency-key " + key +
            ", and nothing is bought twice";
    }
    const bool repeatable = feed.is_file() && (!key.empty() || options.dry_run);
    return context.daemon().exchange(call, repeatable).body;
}

void tell(Context& context, const boost::json::value& reply) {
    const Console& console = context.console;
    const std::string batch = text_at(reply, "batch");
    if (!batch.empty()) console.out_line(batch);
    for (const auto& refused : list_at(reply, "errors"))
        console.err_line(refused_line(refused));
    std::string summary =
        text_at(reply, "accepted") + " accepted, " + text_at(reply, "refused") + " refused";
    if (const auto* estimated = value_at(reply, "estimated"); estimated && estimated->is_object()) {
        for (const auto& sum : estimated->get_object())
            summary += ", about " + text_at(sum.value(), "") + " " + std::string(sum.key());
    }
    console.err_line(summary);
    if (const std::uint64_t waiting = count_at(reply, "price_unknown")) {
        console.err_line(std::to_string(waiting) +
                         " would wait: no price is known for them, so max_cost cannot be judged");
    }
}

Exit batch(Context& context, const Options& options) {
    const Patience patience(options.timeout);
    const std::string body = send(context, options);
    const auto reply = parse_reply(body);
    if (!context.json) tell(context, reply);
    const Exit taken = count_at(reply, "refused") > 0 ? Exit::failed : Exit::done;
    const std::string id = text_at(reply, "batch");
    if (!options.wait || id.empty()) {
        if (context.json) context.print_json(body);
        return taken;
    }
    if (context.json) context.console.err_line("genspool: batch " + id + " is taken");
    Progress progress(context.console, context.json);
    const Waited waited = wait_for_batch(context, id, patience, progress);
    progress.clear();
    if (context.json) {
        context.print_json(waited.body);
    } else {
        context.console.err_line(batch_states(waited.shown));
    }
    return worse(taken, waited.exit);
}

}  // namespace

void add_batch(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* const verb = program.verb(
        "batch", "Hand in a file of jobs, one JSON object a line, and print the batch's id",
        "  genspool batch reel-3.jsonl --wait\n"
        "  make-jobs | genspool batch - --atomic\n"
        "  echo '{\"kind\":\"image\",\"request\":{\"model\":\"image-01\",\"prompt\":\"a fox\"}}' | "
        "genspool batch -\n"
        "\n"
        "Chat lines can go to the upstream as one batch, at half the price and within a day:\n"
        "  genspool submit chat_batch --fold chats.jsonl",
        [options](Context& context) { return batch(context, *options); });
    verb->add_option("FILE", options->file,
                     "Jobs or OpenAI/MiniMax batch lines, or one JSON array (- for standard input)")
        ->required()
        ->type_name("");
    verb->add_flag("--atomic", options->atomic, "One refused line refuses all");
    verb->add_flag("--dry-run", options->dry_run, "Only check them and say what they would cost");
    verb->add_option("--budget", options->budget,
                     "Buy no more of them than for so much together, as in 5.00")
        ->check([](const std::string& said) {
            return proto::parse_micros(said) ? std::string()
                                             : "--budget wants an amount as in 5.00";
        })
        ->type_name("AMOUNT");
    verb->add_flag("--wait", options->wait, "Wait until all have ended or are held");
    verb->add_option("--timeout", options->timeout, "Wait at most this long, as in 2h")
        ->type_name("SPAN");
    verb->add_option("--idempotency-key", options->idempotency_key,
                     "The same key and file again give the first batch again")
        ->type_name("KEY");
}

}  // namespace genspool::cli
