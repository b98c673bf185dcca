# cpack makes the .deb in build/package. A higher one of the same programs:
# cpack -D CPACK_DEBIAN_PACKAGE_RELEASE=2.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME genspool)
set(CPACK_PACKAGE_VENDOR genspool)
set(CPACK_PACKAGE_CONTACT "genspool maintainers <maintainers@genspool.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "spooler for generative-media jobs")
set(CPACK_PACKAGE_DESCRIPTION
"Hand it work (a video, a voice-over, a song, an image) over a unix socket or
as a file dropped into a folder. It writes the work down durably, buys it from
a paid upstream API when an account has room, and brings home what came out.
Nothing handed to it is lost, and nothing is paid for twice.
.
This package has the daemon, its command line, and a simulated upstream.")
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR})
set(CPACK_SET_DESTDIR ON)  # the configuration lies outside of the prefix
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ
    GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(deb ${CMAKE_CURRENT_LIST_DIR}/deb)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "systemd, init-system-helpers (>= 1.54), ca-certificates")
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/deb/conffiles
    CONTENT "/etc/genspool/genspool.toml\n")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    ${deb}/postinst ${deb}/prerm ${deb}/postrm ${CMAKE_BINARY_DIR}/deb/conffiles)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

# What Debian wants beside: copyright, both changelogs, the exceptions to its rules.
execute_process(COMMAND git -C ${PROJECT_SOURCE_DIR} log -1 --format=%h%n%cD
    OUTPUT_VARIABLE commit ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT commit)
    string(TIMESTAMP now "%a, %d %b %Y %H:%M:%S +0000" UTC)
    set(commit unknown ${now})
endif()
string(REPLACE "\n" ";" commit "${commit}")
list(POP_FRONT commit GENSPOOL_PACKAGE_COMMIT GENSPOOL_PACKAGE_DATE)
set(GENSPOOL_DEB_REVISION ${CPACK_DEBIAN_PACKAGE_RELEASE})
configure_file(${deb}/changelog.in ${CMAKE_BINARY_DIR}/deb/changelog.Debian @ONLY)
add_custom_target(debian_files ALL
    COMMAND gzip -9nfk changelog.Debian
    COMMAND sh -c "gzip -9nc $0 > changelog.gz" ${PROJECT_SOURCE_DIR}/CHANGELOG.md
    WORKING_DIRECTORY ${CMAKE_BINARY_DIR}/deb VERBATIM)
install(FILES ${deb}/copyright ${CMAKE_BINARY_DIR}/deb/changelog.Debian.gz
    ${CMAKE_BINARY_DIR}/deb/changelog.gz DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${deb}/lintian-overrides DESTINATION share/lintian/overrides RENAME genspool)

add_custom_target(sbom ALL
    COMMAND ${CMAKE_CURRENT_LIST_DIR}/sbom.sh ${CMAKE_BINARY_DIR} ${PROJECT_VERSION}
        > ${CMAKE_BINARY_DIR}/genspool.cdx.json
    DEPENDS genspool genspoold genspool-sim VERBATIM)
install(FILES ${CMAKE_BINARY_DIR}/genspool.cdx.json DESTINATION ${CMAKE_INSTALL_DOCDIR})

include(CPack)
