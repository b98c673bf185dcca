#include <doctest/doctest.h>

#include <string>

#include "tests/e2e/workplace.hpp"
#include "tests/programs/run_program.hpp"
#include "tests/support/throwaway_certificates.hpp"

using namespace genspool::tests;

TEST_CASE("over TLS a client with a token does all that it does on the socket, a large file too") {
    const ThrowawayCertificates certificates("localhost");
    const TemporaryDirectory directory;
    const std::string tokens = directory.path("token");
    const ProgramRun added =
        run_program({"genspool", "token", "add", "operator", "--admin", "--file", tokens});
    REQUIRE(added.code == 0);
    DaemonSettings settings;
    // On all addresses, which wants TLS; the kernel's choice of a port.
    settings.tables = "[http]\nlisten = \"0.0.0.0:0\"\ntoken_file = \"" + tokens +
                      "\"\ntls_cert = \"" + certificates.cert_file() + "\"\ntls_key = \"" +
                      certificates.key_file() + "\"\n";
    Workplace work({"--latency", "0"}, settings);
    REQUIRE(work.daemon.start());
    const std::string port = work.daemon.http_port();
    const auto client = [&](std::vector<std::string> arguments, const std::string& ca) {
        arguments.insert(arguments.begin(), "genspool");
        return run_program(std::move(arguments),
                           {"GENSPOOL_SOCKET=", "GENSPOOL_CA=" + ca,
                            "GENSPOOL_TOKEN=" + added.out.substr(0, added.out.find('\n')),
                            "GENSPOOL_URL=https://localhost:" + port});
    };

    const ProgramRun run = client({"submit", "music", "--model", "music-2.6", "--prompt", "a song",
                                   "--set", "lyrics=la la la", "--wait"},
                                  certificates.ca_file());
    CAPTURE(run.err);
    REQUIRE(run.code == 0);
    const std::string id = run.out.substr(0, run.out.find('\n'));
    const std::string copy = directory.path("song");
    CHECK(client({"get", id, "-o", copy}, certificates.ca_file()).code == 0);
    const std::string path = text_of(work.job(id).at("artifacts").as_array().at(0), "path");
    CHECK(sha256_of_file(copy) == sha256_of_file(path));
    CHECK(client({"pause"}, certificates.ca_file()).code == 0);
    const ProgramRun distrusting = client({"ls"}, "");
    CHECK(distrusting.code == 5);
    CHECK(distrusting.err.find("certificate") != std::string::npos);
    const ProgramRun plain = run_program(
        {"genspool", "ls"},
        {"GENSPOOL_SOCKET=", "GENSPOOL_TOKEN=x", "GENSPOOL_URL=http://localhost:" + port});
    CHECK(plain.code == 2);
    CHECK(plain.err.find("say https://") != std::string::npos);
    CHECK(work.daemon.stop() == 0);
}
