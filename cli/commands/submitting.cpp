#include "cli/commands/submitting.hpp"

#include <CLI/CLI.hpp>

#include "cli/failure.hpp"
#include "cli/folding.hpp"
#include "cli/input_files.hpp"
#include "cli/json_reading.hpp"
#include "cli/named_file.hpp"
#include "cli/urls.hpp"
#include "cli/words.hpp"
#include "proto/references.hpp"

namespace genspool::cli {

namespace json = boost::json;

namespace {

/// The lines as the one file of the job, which the daemon is given before it.
void fold_into(boost::json::object& request, Context& context, const SubmitOptions& options,
               InputFiles& files) {
    if (options.job.kind != "chat_batch")
        throw CommandFailed(Exit::usage, "--fold makes a chat_batch, and no " + options.job.kind);
    const Folded folded = fold_chat_lines(read_named(context.console, "--fold", options.fold_file));
    for (const std::string& fault : folded.faults)
        context.console.err_line(printable(fault));
    if (!folded.faults.empty())
        throw CommandFailed(Exit::usage,
                            "nothing was sent: " + options.fold_file + " cannot be folded");
    json::object file;
    file[proto::file_member] = files.hand_in(folded.text, "application/x-ndjson");
    request["input_file_id"] = std::move(file);
}

void add_request_options(CLI::App& verb, SubmitOptions& options) {
    Submission& job = options.job;
    const auto group = [](CLI::Option* option, const char* type) {
        option->group("The request")->type_name(type);
    };
    group(verb.add_option("--model", job.model, "The model"), "MODEL");
    group(verb.add_option("--prompt", job.prompt,
                          "The prompt; for tts the text to speak,\nfor chat the user's message"),
          "TEXT");
    group(verb.add_option("--set", job.sets,
                          "Any field of the request (repeatable), as in voice_setting.speed\n"
                          "or subject_reference[0].type; JSON where it is JSON, else text: a\n"
                          "number that is to be text as 'source_task_id=\"123\"'")
              ->allow_extra_args(false),
          "NAME=VALUE");
    group(verb.add_option("--request", options.request_file,
                          "Begin with the request in this file (- for standard input)"),
          "FILE");
    group(verb.add_option("--artifact", options.artifacts,
                          "Put a file of another job there, and wait for it (repeatable)")
              ->allow_extra_args(false),
          "NAME=ID[/N]");
    group(verb.add_option("--file", job.files,
                          "Put a local file there (repeatable); a request may also name\n"
                          "one itself, as in {\"$file\": \"photos/a.png\"}")
              ->allow_extra_args(false),
          "NAME=PATH");
    group(verb.add_option("--fold", options.fold_file,
                          "chat_batch: make its file of the chat jobs or batch lines in this\n"
                          "one (- for standard input), one a line"),
          "FILE");
}

void add_job_options(CLI::App& verb, SubmitOptions& options) {
    Submission& job = options.job;
    const auto group = [](CLI::Option* option, const char* type) {
        option->group("The job")->type_name(type);
    };
    group(verb.add_option("--custom-id", job.custom_id, "Your own name for it"), "TEXT");
    group(verb.add_option("--label", job.labels, "A label (repeatable)")->allow_extra_args(false),
          "NAME=VALUE");
    group(verb.add_option("--priority", job.priority, "0 (last) to 9 (first), 5 by default")
              ->check(CLI::Range(0, 9).description("")),
          "N");
    group(verb.add_option("--provider", job.provider, "Whose API it is bought from, as in minimax"),
          "NAME");
    group(verb.add_option("--account", job.account, "Buy it at this account only"), "NAME");
    group(verb.add_option("--not-before", job.not_before,
                          "Not before this moment, as in 2026-12-01T08:00:00Z or +15m"),
          "WHEN");
    group(verb.add_option("--deadline", job.deadline, "Do not buy it after this moment, as in +6h"),
          "WHEN");
    group(verb.add_option("--max-attempts", job.max_attempts, "How often it may be bought at most"),
          "N");
    group(verb.add_option("--max-cost", job.max_cost,
                          "What it may cost over all attempts, in its unit"),
          "AMOUNT");
    group(verb.add_option("--on-unknown", job.on_unknown,
                          "When nobody can say whether it was bought: hold\n"
                          "(default), resubmit, or resubmit up to this amount"),
          "POLICY");
    group(verb.add_option("--output", job.output,
                          "How artifacts are named, as in {batch}/{custom_id}{ext}"),
          "TEMPLATE");
    group(verb.add_option("--webhook", job.webhook,
                          "An address that is posted its end, or that it is held"),
          "URL");
    group(verb.add_option("--after", options.after,
                          "Only once this job has succeeded; it fails if that one\n"
                          "does (repeatable, at most 100)")
              ->check([](const std::string& id) {
                  return id.empty() ? std::string("must be the id of a job") : std::string();
              })
              ->allow_extra_args(false),
          "ID");
    group(verb.add_option("--idempotency-key", options.idempotency_key,
                          "The same key again gives the first job again; random by default"),
          "KEY");
}

}  // namespace

void add_submit_options(CLI::App& verb, SubmitOptions& options) {
    verb.add_option("KIND", options.job.kind,
                    "video, video_template, tts, music, lyrics, image, agent, chat, chat_batch,\n"
                    "voice_clone, voice_design")
        ->required()
        ->type_name("");
    add_request_options(verb, options);
    add_job_options(verb, options);
    verb.add_option("--timeout", options.timeout, "Wait at most this long, as in 10m")
        ->type_name("SPAN");
    verb.add_flag("--dry-run", options.dry_run, "Only check it and say what it would cost");
}

std::string submit_job(Context& context, const SubmitOptions& options) {
    json::object request;
    if (!options.request_file.empty()) {
        request = parse_request(read_named(context.console, "--request", options.request_file),
                                options.request_file);
    }
    HttpCall call;
    call.method = "POST";
    call.target = options.dry_run ? "/v1/jobs?dry_run=true" : "/v1/jobs";
    call.content_type = "application/json";
    Submission job = options.job;
    const auto whole_id = [&context](const std::string& id) {
        return text_at(parse_reply(context.daemon().get(job_path(id))), "id");
    };
    for (const std::string& id : options.after)
        job.after.push_back(whole_id(id));
    for (const std::string& text : options.artifacts) {
        NamedArtifact artifact = parse_artifact(text);
        artifact.job = whole_id(artifact.job);
        job.artifacts.push_back(std::move(artifact));
    }
    InputFiles files(context.daemon(), {});
    if (!options.fold_file.empty()) fold_into(request, context, options, files);
    call.body = files.hand_in(to_text(to_job(job, std::move(request), wall_now())));
    if (!options.dry_run) {
        const std::string& key = options.idempotency_key;
        call.headers.emplace_back("Idempotency-Key", key.empty() ? random_key() : key);
        call.in_doubt = "the job may have been taken: repeat the command with --idempotency-key " +
                        call.headers.back().second + ", and nothing is bought twice";
    }
    return context.daemon().exchange(call, true).body;
}

Waited wait_for_submitted(Context& context, const std::string& body, const Patience& patience) {
    const std::string id = text_at(parse_reply(body), "id");
    if (context.json) context.console.err_line("genspool: job " + id + " is taken");
    Progress progress(context.console, context.json);
    return wait_for_job(context, id, patience, progress);
}

Exit tell_estimate(Context& context, const std::string& body) {
    if (context.json) {
        context.print_json(body);
        return Exit::done;
    }
    const auto reply = parse_reply(body);
    const auto* cost = value_at(reply, "cost");
    const std::string price = cost == nullptr ? "" : amount(*cost, "estimated", true);
    context.console.out_line("would be " + text_at(reply, "op") + ", " +
                             (price.empty() ? "price unknown" : "about " + price));
    for (const auto& gate : list_at(reply, "gates")) {
        context.console.out_line("would wait: " + text_at(gate, "gate") + ", " +
                                 printable(text_at(gate, "detail")));
    }
    return Exit::done;
}

}  // namespace genspool::cli
