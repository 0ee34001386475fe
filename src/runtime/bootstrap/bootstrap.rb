# frozen_string_literal: true

# Runs a Ruby function: loads the handler, polls the Runtime API, calls the handler and posts what it answers.
require 'json'
require 'net/http'

$stdout.sync = true
$stderr.sync = true

module SlsLocalRuntime
  HANDLER = ENV.fetch('_HANDLER')
  TASK_ROOT = ENV.fetch('LAMBDA_TASK_ROOT')
  BASE = '/2018-06-01/runtime'

  # What the handler gets as `context:`; names as in AWS's Ruby runtime.
  class Context
    attr_reader :aws_request_id, :invoked_function_arn, :log_group_name, :log_stream_name, :function_name,
                :memory_limit_in_mb, :function_version, :identity, :client_context, :deadline_ms, :tenant_id

    def initialize(reply)
      @aws_request_id = reply['Lambda-Runtime-Aws-Request-Id']
      @invoked_function_arn = reply['Lambda-Runtime-Invoked-Function-Arn']
      @deadline_ms = reply['Lambda-Runtime-Deadline-Ms'].to_i
      @tenant_id = reply['Lambda-Runtime-Aws-Tenant-Id']
      @identity = parse(reply['Lambda-Runtime-Cognito-Identity'])
      @client_context = parse(reply['Lambda-Runtime-Client-Context'])
      @function_name = ENV['AWS_LAMBDA_FUNCTION_NAME']
      @function_version = ENV['AWS_LAMBDA_FUNCTION_VERSION']
      @memory_limit_in_mb = ENV['AWS_LAMBDA_FUNCTION_MEMORY_SIZE']
      @log_group_name = ENV['AWS_LAMBDA_LOG_GROUP_NAME']
      @log_stream_name = ENV['AWS_LAMBDA_LOG_STREAM_NAME']
    end

    def get_remaining_time_in_millis
      [@deadline_ms - Process.clock_gettime(Process::CLOCK_REALTIME, :millisecond), 0].max
    end

    private

    def parse(text)
      text && JSON.parse(text)
    end
  end

  # A handler that cannot be called, with the platform's name for the reason.
  class InitFailure < StandardError
    attr_reader :type

    def initialize(type, message, trace)
      super(message)
      @type = type
      set_backtrace(trace)
    end
  end

  # `dir/file.method`, `file.Class.method`, `file.Module::Class.method`.
  class Handler
    def initialize(name)
      file, *scope, method = name.split('.')
      raise malformed(name) if file.nil? || method.nil? || scope.size > 1

      load_file(file)
      @receiver = scope.empty? ? Kernel : Kernel.const_get(scope.first)
      @method = method
      return if @receiver.respond_to?(@method, scope.empty?)

      raise InitFailure.new('Runtime.HandlerNotFound', "#{name} is undefined or not a method", [])
    rescue NameError => e
      raise if e.is_a?(NoMethodError) || scope.nil? || scope.empty?

      raise InitFailure.new('Runtime.HandlerNotFound', e.message, trace_of(e))
    end

    def call(event, context)
      @receiver.send(@method, event: event, context: context)
    end

    private

    def malformed(name)
      InitFailure.new('Runtime.MalformedHandlerName', "Bad handler '#{name}': expected file.method", [])
    end

    def load_file(file)
      $LOAD_PATH.unshift(TASK_ROOT)
      require File.join(TASK_ROOT, file)
    rescue SyntaxError => e
      raise InitFailure.new('Runtime.UserCodeSyntaxError', e.message, trace_of(e))
    rescue LoadError => e
      raise InitFailure.new('Runtime.ImportModuleError', e.message, trace_of(e))
    end

    def trace_of(error)
      SlsLocalRuntime.trace_of(error)
    end
  end

  class << self
    def trace_of(error)
      (error.backtrace || []).reject { |line| line.start_with?(__FILE__) }
    end

    def start
      use_gems
      @http = connect
      handler = load_handler
      loop { serve(handler) }
    end

    private

    # Gems vendored by `bundle install --path vendor/bundle`, and those of layers.
    def use_gems
      api = RbConfig::CONFIG['ruby_version']
      paths = ["#{TASK_ROOT}/vendor/bundle/ruby/#{api}", "/opt/ruby/gems/#{api}"].select { |path| File.directory?(path) }
      Gem.paths = { 'GEM_PATH' => (paths + Gem.path).join(':') } unless paths.empty? || !defined?(Gem)
    end

    def connect
      host, port = ENV.fetch('AWS_LAMBDA_RUNTIME_API').split(':')
      http = Net::HTTP.new(host, port.to_i, nil)
      http.read_timeout = nil
      http.max_retries = 0
      http.keep_alive_timeout = 86_400
      http.start
    end

    def load_handler
      Handler.new(HANDLER)
    rescue InitFailure => e
      fail_init(e, e.type)
    rescue StandardError, ScriptError => e
      fail_init(e, "Init<#{e.class.name}>")
    end

    def fail_init(error, type)
      warn JSON.generate(describe(error, type))
      post('/init/error', error, type)
      exit(1)
    end

    def serve(handler)
      reply = @http.get("#{BASE}/invocation/next")
      return unless reply.is_a?(Net::HTTPSuccess)

      path = "/invocation/#{reply['Lambda-Runtime-Aws-Request-Id']}"
      nonce = reply['Lambda-Runtime-Invocation-Id']
      ENV['_X_AMZN_TRACE_ID'] = reply['Lambda-Runtime-Trace-Id']
      answer(handler, reply, path, nonce)
    end

    def answer(handler, reply, path, nonce)
      event = JSON.parse(reply.body.force_encoding(Encoding::UTF_8))
      result = handler.call(event, Context.new(reply))
      stream = result.respond_to?(:read)
      body = stream ? result.read : JSON.generate(result)
      send_body("#{path}/response", body, stream ? 'application/unknown' : 'application/json', nonce)
    rescue SystemExit, SignalException
      raise
    rescue Exception => e # rubocop:disable Lint/RescueException
      type = "Function<#{e.class.name}>"
      warn "Error raised from handler method\n#{JSON.generate(describe(e, type))}"
      post("#{path}/error", e, type, nonce)
      # The interpreter may be in any state.
      exit(1) if e.is_a?(NoMemoryError)
    end

    def post(path, error, type, nonce = nil)
      body = JSON.generate(describe(error, type))
      send_body(path, body, 'application/json', nonce, { 'Lambda-Runtime-Function-Error-Type' => type })
    end

    def describe(error, type)
      message = error.message.dup.force_encoding(Encoding::UTF_8).scrub
      { errorMessage: message, errorType: type, stackTrace: trace_of(error) }
    end

    def send_body(path, body, content_type, nonce, headers = {})
      headers = headers.merge('Content-Type' => content_type)
      headers['Lambda-Runtime-Invocation-Id'] = nonce if nonce
      @http.post(BASE + path, body, headers)
    end
  end
end

SlsLocalRuntime.start
