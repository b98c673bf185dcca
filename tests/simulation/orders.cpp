#include "tests/simulation/orders.hpp"

#include <array>

namespace genspool::simulation {
namespace {

std::string in_quotes(const std::string& text) {
    return "\"" + text + "\"";
}

/// What the upstream is told to do with this one, now and then.
std::string marker(const OrderBook& book, bool sync, Dice& dice) {
    if (!dice.chance(25)) return {};
    switch (dice.below(10)) {
        case 0:
            return " [[fail:1027]]";
        case 1:
            return " [[refuse:1026]]";
        case 2:
            return " [[drop]]";
        case 3:
            return " [[502]]";
        case 4:
            return " [[unknown-state]]";
        case 5:
            return " [[forbid-download]]";
        case 6:
            // Longer than a video's patience, or a call's.
            if (!book.slow_tasks) return " [[slow:5]]";
            return sync ? " [[slow:100]]" : " [[slow:5000]]";
        case 7:
            return " [[slow:0]]";
        case 8:
            // Worth another purchase.
            return sync ? " [[slow:3]]" : " [[fail:1024]]";
        default:
            return " [[slow:120]]";
    }
}

/// One that was handed in; or that of an earlier job, now and then of a wrong one, or one that is
/// not there.
std::string file(const OrderBook& book, const std::vector<std::string>& handed_in,
                 const std::vector<std::string>& right, Dice& dice) {
    if (!handed_in.empty() && (book.earlier.empty() || dice.chance(40)))
        return R"({"$file":")" + dice.pick(handed_in) + R"("})";
    const bool any = right.empty() || dice.chance(15);
    return R"({"$artifact":")" + dice.pick(any ? book.earlier : right) + "/" +
           std::to_string(dice.chance(80) ? 0 : dice.below(3)) + R"("})";
}

std::string film(const OrderBook& book, const std::string& words, Dice& dice) {
    std::string request = R"({"model":"MiniMax-Hailuo-02","first_frame_image":)" +
                          file(book, book.files, book.pictures, dice);
    if (dice.chance(20))
        request += R"(,"last_frame_image":)" + file(book, book.files, book.pictures, dice);
    return request + R"(,"prompt":)" + in_quotes(words) + "}";
}

/// Of somebody who is shown in a picture.
std::string film_of_subject(const OrderBook& book, const std::string& words, Dice& dice) {
    return R"({"model":"S2V-01","subject_reference":[{"type":"character","image":[)" +
           file(book, book.files, book.pictures, dice) + R"(]}],"prompt":)" + in_quotes(words) +
           "}";
}

/// Sung as in a recording.
std::string sung(const OrderBook& book, const std::string& words, Dice& dice) {
    return R"({"model":"music-01","prompt":)" + in_quotes(words) + R"(,"refer_voice":)" +
           file(book, book.recordings, book.sounds, dice) + "}";
}

/// In another way, or its words alone.
std::string cover(const OrderBook& book, const std::string& words, Dice& dice) {
    return R"({"model":"music-cover","audio_base64":)" + file(book, book.files, book.sounds, dice) +
           R"(,"prompt":)" + in_quotes(words) + "}";
}

std::string video(const std::string& words, Dice& dice) {
    // Of a model that nobody knows no price is known either.
    const char* model = dice.chance(5) ? "MiniMax-Hailuo-99" : "MiniMax-Hailuo-02";
    return R"({"model":")" + std::string(model) + R"(","prompt":)" + in_quotes(words) +
           (dice.chance(30) ? R"(,"resolution":"1080P","duration":6})" : "}");
}

std::string h3(const std::string& content, Dice& dice) {
    return R"({"model":"MiniMax-H3","resolution":"768P","ratio":"16:9","duration":)" +
           std::to_string(4 + dice.below(3)) + R"(,"content":[)" + content + "]}";
}

std::string text_item(const std::string& words) {
    return R"({"type":"text","text":)" + in_quotes(words) + "}";
}

std::string video_v2(const std::string& words, Dice& dice) {
    return h3(text_item(words), dice);
}

/// After a picture, which is uploaded for it.
std::string film_v2(const OrderBook& book, const std::string& words, Dice& dice) {
    return h3(text_item(words) + R"(,{"type":"image_url","image_url":{"url":)" +
                  file(book, book.files, book.pictures, dice) + "}}",
              dice);
}

/// A larger version of an earlier film.
std::string larger_film(const OrderBook& book, const std::string& words, Dice& dice) {
    return R"({"model":"MiniMax-H3","resolution":"2K","content":[)" + text_item(words) +
           R"(,{"type":"video_url","role":"base_video","video_url":{"url":)" +
           file(book, {}, book.films, dice) + "}}]}";
}

/// The same words anew: a task that ends without a file.
std::string context_ir(const std::string& words) {
    return R"({"model":"MiniMax-H3","duration":4,"content":[)" + text_item(words) + "]}";
}

std::string video_template(const std::string& words) {
    return R"({"template_id":"394125185182695432","text_inputs":[{"value":)" + in_quotes(words) +
           "}]}";
}

std::string image(const std::string& words, Dice& dice) {
    const std::uint64_t count = 1 + dice.below(3);
    std::string text = words;
    if (count > 1 && dice.chance(15)) text += " [[partial:1]]";
    std::string request = R"({"model":"image-01","n":)" + std::to_string(count);
    request += R"(,"prompt":)" + in_quotes(text);
    if (dice.chance(30)) request += R"(,"response_format":"url")";
    return request + "}";
}

std::string music(const std::string& words, Dice& dice) {
    std::string request =
        R"({"model":"music-2.6","lyrics":"la la la","prompt":)" + in_quotes(words);
    if (dice.chance(30)) {
        request += R"(,"output_format":"url")";
    } else if (dice.chance(20)) {
        request += R"(,"stream":true)";
    }
    return request + "}";
}

std::string speech(const OrderBook& book, const std::string& words, Dice& dice) {
    const bool own = !book.voices.empty() && dice.chance(60);
    const std::string voice = own ? dice.pick(book.voices) : "male-qn-qingse";
    std::string request = R"({"model":"speech-2.6-hd","voice_setting":{"voice_id":")" + voice +
                          R"("},"text":)" + in_quotes(words);
    if (dice.chance(20)) {
        request += R"(,"output_format":"url")";
    } else if (dice.chance(20)) {
        request += R"(,"stream":true)";
        if (dice.chance(50)) request += R"(,"stream_options":{"exclude_aggregated_audio":true})";
    }
    return request + "}";
}

/// Too long for one call, so that another op says it.
std::string long_speech(const std::string& words) {
    return R"({"model":"speech-2.6-hd","voice_setting":{"voice_id":"male-qn-qingse"},"text":)" +
           in_quotes(words + std::string(10'000, 'o')) + "}";
}

/// In a session, now and then in pieces, of which the first has the words.
std::string speech_in_session(const std::string& words, Dice& dice) {
    const std::string rest = dice.chance(30) ? ". " + std::string(10'000, 'o') : std::string();
    return R"({"model":"speech-2.8-hd","voice_setting":{"voice_id":"male-qn-qingse"},)"
           R"("continuous_sound":true,"text":)" +
           in_quotes(words + rest) + "}";
}

std::string chat(const std::string& words, Dice& dice) {
    std::string request = R"({"model":"MiniMax-M2.7","messages":[{"role":"user","content":)" +
                          in_quotes(words) + "}]";
    if (dice.chance(30)) request += R"(,"max_completion_tokens":400)";
    if (dice.chance(30)) request += R"(,"stream":false)";
    return request + "}";
}

/// Mostly of a file of chats; now and then of one that is none.
std::string chat_batch(const OrderBook& book, const std::string& words, Dice& dice) {
    const std::string chats = dice.chance(90) ? R"({"$file":")" + dice.pick(book.chats) + R"("})"
                                              : file(book, book.chats, {}, dice);
    const std::string note = words + (dice.chance(15) ? " [[partial:1]]" : "");
    return R"({"input_file_id":)" + chats + R"(,"metadata":{"note":)" + in_quotes(note) + "}}";
}

std::string voice(const std::string& words) {
    return R"({"preview_text":"ahoy","prompt":)" + in_quotes(words) + "}";
}

/// Of a song that was made, or of what is none.
std::string clone(const OrderBook& book, const std::string& words, const std::string& ref,
                  Dice& dice) {
    std::string request = R"({"model":"speech-2.6-hd","voice_id":"voice-)" + ref +
                          R"(","file_id":)" + file(book, book.recordings, book.sounds, dice);
    if (dice.chance(30)) {
        request += R"(,"clone_prompt":{"prompt_text":"ahoy","prompt_audio":)" +
                   file(book, book.recordings, book.sounds, dice) + "}";
    }
    return request + R"(,"text":)" + in_quotes(words) + "}";
}

std::string lyrics(const std::string& words) {
    return R"({"mode":"write_full_song","prompt":)" + in_quotes(words) + "}";
}

std::string some_film(const OrderBook& book, const std::string& words, Dice& dice) {
    const std::uint64_t sort = dice.below(20);
    if (sort < 5) return film_v2(book, words, dice);
    if (sort < 8) return film_of_subject(book, words, dice);
    if (sort < 10 && !book.earlier.empty()) return larger_film(book, words, dice);
    return film(book, words, dice);
}

/// What useapi.net is told to do with this one, now and then.
std::string useapi_marker(Dice& dice) {
    if (!dice.chance(25)) return {};
    switch (dice.below(10)) {
        case 0:
            return " [[fail:3]]";
        case 1:
            return " [[fail:5]]";
        case 2:
            return " [[refuse:422]]";
        case 3:
            return " [[drop]]";
        case 4:
            return " [[504]]";
        case 5:
            return " [[no-id]]";
        case 6:
            return " [[rewrite]]";
        case 7:
            return " [[unknown-state]]";
        case 8:
            return " [[slow:0]]";
        default:
            return " [[slow:120]]";
    }
}

/// For useapi.net, which has kinds of its own.
std::string kind_and_request_of_useapi(const OrderBook& book, const std::string& ref, Dice& dice) {
    std::string words = "waves [[ref:" + ref + "]]" + useapi_marker(dice);
    switch (dice.below(7)) {
        case 0:
            return R"("kind":"video_template","request":{"templateId":"393769180141805569",)"
                   R"("prompt":)" +
                   in_quotes(words) + "}";
        case 1:
        case 2: {
            const std::uint64_t count = 1 + dice.below(4);
            if (count > 1 && dice.chance(15)) words += " [[partial:1]]";
            return R"("kind":"image","request":{"quantity":)" + std::to_string(count) +
                   R"(,"prompt":)" + in_quotes(words) + "}";
        }
        case 3:
            if (dice.chance(50)) words += " [[attachments:" + std::to_string(dice.below(4)) + "]]";
            return R"("kind":"agent","request":{"models":"hailuo-2.3","prompt":)" +
                   in_quotes(words) + "}";
        case 4:
            return R"("kind":"tts","request":{"voice_id":"209533299589184","text":)" +
                   in_quotes(words) + "}";
        case 5:
            if (dice.chance(30)) words += " [[tracks:2]]";
            return R"("kind":"music","request":{"prompt":)" + in_quotes(words) + "}";
        default: {
            std::string request =
                R"("kind":"video","request":{"model":"02","prompt":)" + in_quotes(words);
            if (dice.chance(30)) request += R"(,"promptOptimization":false)";
            const bool any = !book.earlier.empty() || !book.files.empty();
            if (any && dice.chance(20))
                request += R"(,"fileID":)" + file(book, book.files, book.pictures, dice);
            return request + "}";
        }
    }
}

std::string kind_and_request(const OrderBook& book, const std::string& ref, Dice& dice) {
    const std::uint64_t kind = dice.below(10);
    const bool sync = kind >= 4;
    const std::string words = "waves [[ref:" + ref + "]]" + marker(book, sync, dice);
    const bool any = !book.earlier.empty() || !book.files.empty();
    const bool taking = any && dice.chance(20);
    if (taking && !sync) return R"("kind":"video","request":)" + some_film(book, words, dice);
    if (taking && kind < 6 && !(book.earlier.empty() && book.recordings.empty()))
        return R"("kind":"voice_clone","request":)" + clone(book, words, ref, dice);
    if (taking && kind < 8 && dice.chance(25))
        return R"("kind":"lyrics","request":)" + cover(book, words, dice);
    if (taking && kind < 8 && !(book.earlier.empty() && book.recordings.empty()) && dice.chance(30))
        return R"("kind":"music","request":)" + sung(book, words, dice);
    if (taking && kind < 8) return R"("kind":"music","request":)" + cover(book, words, dice);
    if (!sync && dice.chance(10))
        return R"("kind":"video_template","request":)" + video_template(words);
    if (!sync && dice.chance(5)) return R"("kind":"chat","request":)" + context_ir(words);
    if (!sync && dice.chance(book.h3_percent))
        return R"("kind":"video","request":)" + video_v2(words, dice);
    if (!sync) return R"("kind":"video","request":)" + video(words, dice);
    if (kind < 6) return R"("kind":"image","request":)" + image(words, dice);
    if (kind < 8) return R"("kind":"music","request":)" + music(words, dice);
    if (kind < 9 && dice.chance(10)) return R"("kind":"tts","request":)" + long_speech(words);
    if (kind < 9 && dice.chance(15))
        return R"("kind":"tts","request":)" + speech_in_session(words, dice);
    if (kind < 9) return R"("kind":"tts","request":)" + speech(book, words, dice);
    if (!book.chats.empty() && dice.chance(60))
        return R"("kind":"chat_batch","request":)" + chat_batch(book, words, dice);
    if (dice.chance(30)) return R"("kind":"chat","request":)" + chat(words, dice);
    if (dice.chance(20)) return R"("kind":"voice_design","request":)" + voice(words);
    return R"("kind":"lyrics","request":)" + lyrics(words);
}

std::string money_wishes(Dice& dice) {
    std::string wishes;
    if (dice.chance(15)) wishes += R"(,"max_cost":0.)" + std::to_string(50 + dice.below(50));
    switch (dice.below(6)) {
        case 0:
        case 1:
            return wishes + R"(,"on_unknown":"resubmit")";
        case 2:
            return wishes + R"(,"on_unknown":{"resubmit_up_to":0.2})";
        default:
            return wishes;
    }
}

std::string wishes(const OrderBook& book, Dice& dice) {
    static const std::array<const char*, 3> outputs{"{batch}/{custom_id}{ext}", "same{ext}",
                                                    "{kind}/{id}{-n}{ext}"};
    std::string text = money_wishes(dice);
    if (dice.chance(50)) text += R"(,"priority":)" + std::to_string(dice.below(10));
    if (dice.chance(15)) {
        // Some so near that it passes while a file is uploaded.
        const std::uint64_t most = dice.chance(50) ? 20 : 400;
        text += R"(,"deadline":"+)" + std::to_string(1 + dice.below(most)) + R"(s")";
    }
    if (dice.chance(10))
        text += R"(,"not_before":"+)" + std::to_string(1 + dice.below(200)) + R"(s")";
    if (dice.chance(40)) text += R"(,"max_attempts":)" + std::to_string(1 + dice.below(4));
    if (dice.chance(30)) text += R"(,"output":")" + std::string(outputs.at(dice.below(3))) + "\"";
    if (dice.chance(10))
        text += R"(,"labels":{"film":"reel-)" + std::to_string(dice.below(3)) + R"("})";
    if (!book.earlier.empty() && dice.chance(15)) {
        text += R"(,"after":[")" + dice.pick(book.earlier) + "\"";
        if (dice.chance(30)) text += ",\"" + dice.pick(book.earlier) + "\"";
        text += "]";
    }
    return text;
}

}  // namespace

std::string write_order(const OrderBook& book, const std::string& ref, const std::string& custom_id,
                        Dice& dice) {
    const bool there = !book.linked.empty() && dice.chance(40);
    std::string text = "{" + (there ? kind_and_request_of_useapi(book, ref, dice)
                                    : kind_and_request(book, ref, dice));
    if (there) text += R"(,"provider":"useapi")";
    if (dice.chance(15))
        text += R"(,"account":")" + dice.pick(there ? book.linked : book.accounts) + "\"";
    text += wishes(book, dice);
    if (!custom_id.empty()) text += R"(,"custom_id":")" + custom_id + "\"";
    return text + "}";
}

std::string write_plain_order(const std::string& ref, const std::string& custom_id,
                              const std::string& after, Dice& dice) {
    std::string text =
        "{" + kind_and_request({}, ref, dice) + R"(,"custom_id":")" + custom_id + "\"";
    if (!after.empty()) text += R"(,"after":[")" + after + R"("])";
    return text + "}";
}

std::string write_chats(const std::string& number) {
    std::string lines;
    for (const char* const words : {"a wave", "a wave [[fail:1026]]", "surf"}) {
        lines += R"({"custom_id":"chat-)" + std::to_string(lines.size()) +
                 R"(","method":"POST","url":"/v1/text/chatcompletion_v2","body":)"
                 R"({"model":"MiniMax-M3","messages":[{"role":"user","content":)" +
                 in_quotes(words + (", number " + number)) + "}]}}\n";
    }
    return lines;
}

}  // namespace genspool::simulation
