package ingest
import ("testing";"os";"runtime/debug";"strconv")
func TestMain(m *testing.M){
 f,_:=os.Create("/tmp/crash."+strconv.Itoa(os.Getpid()))
 debug.SetCrashOutput(f,debug.CrashOptions{})
 m.Run()
}
