package extract

import (
	"fmt"
	"os/exec"
	"unsafe"

	"golang.org/x/sys/windows"
)

// confine puts a worker, which has been given nothing to do yet, in a job
// object: it ends with this process, starts no other, and holds no more than
// memory bytes. The function returned lets go of the job, which ends the
// worker.
func confine(cmd *exec.Cmd, memory int64) (release func(), err error) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return nil, fmt.Errorf("make job object: %w", err)
	}
	release = func() { _ = windows.CloseHandle(job) } // it is open
	if err := limit(job, memory); err != nil {
		release()
		return nil, err
	}
	const rights = windows.PROCESS_SET_QUOTA | windows.PROCESS_TERMINATE
	process, err := windows.OpenProcess(rights, false, uint32(cmd.Process.Pid))
	if err != nil {
		release()
		return nil, fmt.Errorf("open worker: %w", err)
	}
	defer windows.CloseHandle(process)
	if err := windows.AssignProcessToJobObject(job, process); err != nil {
		release()
		return nil, fmt.Errorf("put worker in its job object: %w", err)
	}
	return release, nil
}

func limit(job windows.Handle, memory int64) error {
	info := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{
		BasicLimitInformation: windows.JOBOBJECT_BASIC_LIMIT_INFORMATION{
			LimitFlags: windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | windows.JOB_OBJECT_LIMIT_ACTIVE_PROCESS |
				windows.JOB_OBJECT_LIMIT_PROCESS_MEMORY | windows.JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION,
			ActiveProcessLimit: 1,
		},
		ProcessMemoryLimit: uintptr(memory),
	}
	_, err := windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation, uintptr(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info)))
	if err != nil {
		return fmt.Errorf("set limits of job object: %w", err)
	}
	// No windows, clipboard, desktop or shutdown of others.
	const allUI = 0xff // JOB_OBJECT_UILIMIT_* together (winnt.h)
	ui := windows.JOBOBJECT_BASIC_UI_RESTRICTIONS{UIRestrictionsClass: allUI}
	_, err = windows.SetInformationJobObject(job, windows.JobObjectBasicUIRestrictions, uintptr(unsafe.Pointer(&ui)), uint32(unsafe.Sizeof(ui)))
	if err != nil {
		return fmt.Errorf("set limits of job object: %w", err)
	}
	return nil
}
