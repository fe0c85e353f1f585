@echo off
rem Runs the command line; builds it first where that has not been done.
setlocal
set "root=%~dp0"
set "jar=%root%training\target\mdnc4j.jar"

set "java=java"
if defined JAVA_HOME if exist "%JAVA_HOME%\bin\java.exe" set "java=%JAVA_HOME%\bin\java.exe"
if "%java%"=="java" (
    where java >nul 2>nul || (
        echo mdnc4j: no java found; install a JDK 17 or later, or set JAVA_HOME>&2
        exit /b 2
    )
)

if exist "%jar%" goto run
echo mdnc4j: building (once; takes a minute or more) ...>&2
pushd "%root%"
where mvn >nul 2>nul
if errorlevel 1 (
    call mvnw.cmd -q -DskipTests package >&2
) else (
    call mvn -q -DskipTests package >&2
)
if errorlevel 1 (
    popd
    echo mdnc4j: the build failed; see the lines above>&2
    exit /b 1
)
popd

:run
rem the width of the terminal behind standard error; 0 where there is none
set "columns=0"
for /f %%c in ('powershell -NoProfile -NonInteractive -Command "if ([Console]::IsErrorRedirected) { 0 } else { [Console]::WindowWidth }"') do set "columns=%%c"

rem Waiting threads of native code must soon sleep: spinning ones stall it twentyfold once another program wants a core,
rem and sleeping at once costs a quarter.
if not defined GOMP_SPINCOUNT set "GOMP_SPINCOUNT=1000"

rem A heap that is limited elsewhere may be smaller than the one here begins with, which the JVM would refuse.
set "heap=-Xms48m"
echo "%MDNC4J_OPTS% %JAVA_TOOL_OPTIONS% %JDK_JAVA_OPTIONS% %_JAVA_OPTIONS%" | findstr /L /C:"-Xmx" /C:"-XX:MaxHeapSize=" /C:"-XX:MaxRAM" >nul && set "heap="

rem Arrays live outside the heap: a small heap, collected by one thread, leaves them memory and cores. Further flags in MDNC4J_OPTS come last and win.
"%java%" ^
    %heap% -XX:MaxRAMPercentage=20 -XX:+UseSerialGC ^
    -Dorg.bytedeco.javacpp.maxbytes=300%% -Dorg.bytedeco.javacpp.maxphysicalbytes=450%% ^
    -Djava.awt.headless=true "-Dmdnc4j.columns=%columns%" ^
    %MDNC4J_OPTS% -jar "%jar%" %*
exit /b %errorlevel%
