# Run by CTest: install to an empty prefix, then configure, build and run the consumer there.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "Status ${status} of: ${command}")
  endif()
endfunction()

# The space in the prefix is deliberate.
set(PREFIX "${WORK}/the prefix")
file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --config ${CONFIG} --prefix ${PREFIX})

# A package that names the folders it was built in breaks when they are gone.
file(GLOB_RECURSE package "${PREFIX}/*.cmake")
foreach(file IN LISTS package)
  file(READ ${file} text)
  foreach(folder IN ITEMS ${BUILD} ${SOURCE})
    string(FIND "${text}" "${folder}/" place)
    if(NOT place EQUAL -1)
      message(FATAL_ERROR "${file} names ${folder}")
    endif()
  endforeach()
endforeach()

run(${CMAKE_COMMAND} -S ${CONSUMER} -B ${WORK}/consumer -G ${GENERATOR}
    -D CMAKE_BUILD_TYPE=${CONFIG} -D CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_CXX_FLAGS=${FLAGS}
    -D CMAKE_PREFIX_PATH=${PREFIX})
run(${CMAKE_COMMAND} --build ${WORK}/consumer --config ${CONFIG})
run(${CMAKE_COMMAND} --build ${WORK}/consumer --config ${CONFIG} --target check)
file(REMOVE_RECURSE ${WORK})
